using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.BackupNodes;

// Which node a backup_host means, and whether it can be used.
public sealed partial class BackupNodeStore
{
    /// <summary>The node that <paramref name="backupHost"/> names: by <c>backup_node_id</c>, else display name, else address; null for the first registered one that is up.</summary>
    /// <exception cref="NotFoundException">It names none, or none is registered.</exception>
    /// <exception cref="UnavailableException">The node is down, or all are.</exception>
    public async Task<BackupNodeRecord> ResolveAsync(string? backupHost, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var nodes = await context.BackupNodes.AsNoTracking().OrderBy(node => node.Id).ToListAsync(cancellationToken);
        if (nodes.Count == 0)
        {
            throw new NotFoundException("No backup node is registered.");
        }

        if (backupHost is null)
        {
            return nodes.Find(IsUp)
                ?? throw new UnavailableException(nodes.Count == 1
                    ? DownMessage(nodes[0])
                    : "No backup node is up: the directory of none can be written.");
        }

        var named = nodes.Find(node => node.BackupNodeId == backupHost)
            ?? nodes.Find(node => node.DisplayName == backupHost)
            ?? nodes.Find(node => node.AccessIp == backupHost)
            ?? throw NotFound(backupHost);
        return IsUp(named) ? named : throw new UnavailableException(DownMessage(named));
    }

    /// <summary>True where the node's directory is there and can be written.</summary>
    public bool IsUp(BackupNodeRecord node)
    {
        // Asking for permissions would not see a read-only or a vanished mount; writing does.
        var probe = Path.Combine(DirectoryOf(node), $".probe-{Guid.NewGuid():N}");
        try
        {
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Registers the node <c>local</c>.</summary>
    public Task SeedAsync(CancellationToken cancellationToken)
        => RegisterAsync(new NodeRegistration { AccessIp = "127.0.0.1", DisplayName = "Local backup node", BackupNodeId = LocalNode }, cancellationToken);

    private static string DownMessage(BackupNodeRecord node)
        => $"Backup node {node.BackupNodeId} is down: its directory is missing or can't be written.";
}
