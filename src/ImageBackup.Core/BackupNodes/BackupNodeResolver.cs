using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.BackupNodes;

/// <summary>Resolves <c>backup_host</c> to a backup node that is up.</summary>
public sealed class BackupNodeResolver(IDbContextFactory<ImageBackupDbContext> contexts, BackupNodeStore nodes, ProjectAccess access)
{
    /// <summary>Returns the node whose <c>backup_node_id</c>, display name or address is <paramref name="backupHost"/>; for null, the first registered node that is up.</summary>
    /// <param name="projectId">The project that uses the node; null for the administrator of the machine.</param>
    /// <param name="backupHost">The name; null for any node.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="NotFoundException">No such node, or no node at all, is registered for the project.</exception>
    /// <exception cref="UnavailableException">The node is down, or all nodes are.</exception>
    public async Task<BackupNodeRecord> ResolveAsync(string? projectId, string? backupHost, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var registered = (await context.BackupNodes.AsNoTracking().OrderBy(node => node.Id).ToListAsync(cancellationToken))
            .FindAll(node => access.MayUseNode(projectId, node.BackupNodeId));
        if (registered.Count == 0)
        {
            throw new NotFoundException(access.AllNodesAreShared ? "No backup node is registered." : $"No backup node is registered for project {projectId}.");
        }

        if (backupHost is null)
        {
            return registered.Find(IsUp)
                ?? throw new UnavailableException(registered.Count == 1
                    ? DownMessage(registered[0])
                    : "No backup node is up: none of their directories can be written.");
        }

        var named = registered.Find(node => node.BackupNodeId == backupHost)
            ?? registered.Find(node => node.DisplayName == backupHost)
            ?? registered.Find(node => node.AccessIp == backupHost)
            ?? throw BackupNodeStore.NotFound(backupHost);
        return IsUp(named) ? named : throw new UnavailableException(DownMessage(named));
    }

    private bool IsUp(BackupNodeRecord node) => WriteProbe.Succeeds(nodes.DirectoryOf(node));

    private static string DownMessage(BackupNodeRecord node)
        => $"Backup node {node.BackupNodeId} is down: its directory is missing or cannot be written.";
}
