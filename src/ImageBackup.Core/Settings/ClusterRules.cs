namespace ImageBackup.Core.Settings;

/// <summary>The rules of roles and nodes.</summary>
internal static class ClusterRules
{
    private const string Role = $"{ClusterOptions.Section}:{nameof(ClusterOptions.Role)}";
    private const string Provider = $"{DatabaseOptions.Section}:{nameof(DatabaseOptions.Provider)}";
    private const string Nodes = $"{ClusterOptions.Section}:{nameof(ClusterOptions.Nodes)}";

    /// <summary>Returns why a role does not fit the database, or why nodes do not fit the role, with the key; null if all fits.</summary>
    public static string? FindProblem(ClusterOptions options, bool isShared)
    {
        var isAlone = options.IsApi && options.IsWorker;
        var hasNodes = options.Nodes.Count > 0;
        return (isAlone, isShared) switch
        {
            (false, false) => $"{Role} '{options.Role}' needs several processes, but {Provider} is Sqlite. Use all, or set {Provider} to PostgreSql.",
            (true, false) when hasNodes => $"{Nodes} is set, but {Provider} is Sqlite: one process runs the operations of all nodes. Remove {Nodes}.",
            (false, true) when options.IsWorker && !hasNodes => $"{Nodes} is missing: a worker runs the operations of the nodes that it mounts. Name them: --node NAME.",
            (false, true) when options.IsApi && hasNodes => $"{Nodes} is set, but {Role} is api, which runs no operations. Remove {Nodes}, or use worker or all.",
            _ => options.Nodes.FirstOrDefault(node => string.IsNullOrWhiteSpace(node) || node.Contains(',', StringComparison.Ordinal)) is { } wrong
                ? $"{Nodes} '{wrong}' is not accepted. Use a backup_node_id."
                : null,
        };
    }
}
