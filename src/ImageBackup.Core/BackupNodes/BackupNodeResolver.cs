using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.BackupNodes;

/// <summary>Resolves <c>backup_host</c> to a backup node that is up.</summary>
public sealed class BackupNodeResolver(IDbContextFactory<ImageBackupDbContext> contexts, BackupNodeStore nodes, DirectoryMarkers markers, ProjectAccess access)
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
            return await FirstUpAsync(registered, cancellationToken);
        }

        var named = registered.Find(node => node.BackupNodeId == backupHost)
            ?? registered.Find(node => node.DisplayName == backupHost)
            ?? registered.Find(node => node.AccessIp == backupHost)
            ?? throw BackupNodeStore.NotFound(backupHost);
        return await WhyDownAsync(named, cancellationToken) is { } reason ? throw new UnavailableException(reason) : named;
    }

    private async Task<BackupNodeRecord> FirstUpAsync(List<BackupNodeRecord> registered, CancellationToken cancellationToken)
    {
        string? reason = null;
        foreach (var node in registered)
        {
            reason = await WhyDownAsync(node, cancellationToken);
            if (reason is null)
            {
                return node;
            }
        }

        throw new UnavailableException(registered.Count == 1 ? reason! : "No backup node is up: none of their directories can be written.");
    }

    /// <summary>Returns why a node cannot be used; null if it can.</summary>
    private async Task<string?> WhyDownAsync(BackupNodeRecord node, CancellationToken cancellationToken)
    {
        var directory = nodes.DirectoryOf(node);
        if (!WriteProbe.Succeeds(directory))
        {
            return $"Backup node {node.BackupNodeId} is down: its directory is missing or cannot be written.";
        }

        try
        {
            await markers.CheckAsync(directory, cancellationToken);
            return null;
        }
        catch (UnavailableException wrong)
        {
            return $"Backup node {node.BackupNodeId} is down: {wrong.Message}";
        }
    }
}
