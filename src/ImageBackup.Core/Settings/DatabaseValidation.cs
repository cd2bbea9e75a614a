using Microsoft.Extensions.Options;
using Npgsql;

namespace ImageBackup.Core.Settings;

/// <summary>Refuses settings that do not fit the database and names the key. No message contains a secret.</summary>
internal sealed class DatabaseValidation(IOptions<ClusterOptions> cluster) : IValidateOptions<DatabaseOptions>
{
    private const int ShortestSecret = 32;
    private const string Provider = $"{DatabaseOptions.Section}:{nameof(DatabaseOptions.Provider)}";

    public ValidateOptionsResult Validate(string? name, DatabaseOptions options)
    {
        var problem = options.IsPostgreSql
            ? ConnectionProblem(options.Secret) ?? SecretProblem(cluster.Value.Setting)
            : Unused(options.Secret, DatabaseOptions.Section) ?? Unused(cluster.Value.Setting, ClusterOptions.Section);
        problem ??= ClusterRules.FindProblem(cluster.Value, options.IsPostgreSql);
        return problem is null ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problem);
    }

    private static string? ConnectionProblem(SecretSetting connection)
    {
        const string key = $"{DatabaseOptions.Section}:{nameof(DatabaseOptions.ConnectionString)}";
        if (!connection.IsGiven)
        {
            return $"{key} is missing: {Provider} PostgreSql needs it. Use a connection string such as Host=db.example;Database=imagebackup;Username=imagebackup;Password=…, or name a file that holds it with {key}File.";
        }

        if (connection.Problem is { } problem)
        {
            return problem;
        }

        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(connection.Read());
            return string.IsNullOrWhiteSpace(parsed.Host) || string.IsNullOrWhiteSpace(parsed.Database) ? $"{key} names no Host or no Database. Use both." : null;
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException)
        {
            // The exception's message may contain a part of the password.
            return $"{key} is not a connection string. Use Host=db.example;Database=imagebackup;Username=imagebackup;Password=….";
        }
    }

    private static string? SecretProblem(SecretSetting secret)
    {
        const string key = $"{ClusterOptions.Section}:{nameof(ClusterOptions.Secret)}";
        if (!secret.IsGiven)
        {
            return $"{key} is missing: {Provider} PostgreSql needs it to encrypt the keys in the database. Use at least {ShortestSecret} random characters, the same in all processes, or name a file that holds them with {key}File.";
        }

        return secret.Problem ?? (secret.Read()!.Length < ShortestSecret ? $"{key} has fewer than {ShortestSecret} characters. Use at least {ShortestSecret} random ones, the same in all processes." : null);
    }

    private static string? Unused(SecretSetting setting, string section)
        => setting.IsGiven ? $"{section}:{setting.Name} is set, but {Provider} is Sqlite. Set {Provider} to PostgreSql, or remove {section}:{setting.Name}." : null;
}
