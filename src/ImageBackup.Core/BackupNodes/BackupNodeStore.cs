using System.Security.Cryptography;
using System.Text.RegularExpressions;
using ImageBackup.Core.Access;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.Core.Settings;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.BackupNodes;

/// <summary>The registrations of backup nodes. For a project, only the nodes that it may use exist; for null, all.</summary>
public sealed partial class BackupNodeStore(
    IDbContextFactory<ImageBackupDbContext> contexts, ProjectAccess access, DataPaths paths, DirectoryMarkers markers, IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>The <c>backup_node_id</c> of the node that the first start registers.</summary>
    public const string LocalNode = "local";

    /// <summary>The lock of the transactions that change registrations.</summary>
    private const string Lock = "backup-nodes";

    private static readonly SortKeys<BackupNodeRecord> SortKeys = new(node => node.Id)
    {
        Name = node => node.DisplayName + " " + node.BackupNodeId,
        ["id"] = node => node.Id,
        ["display_name"] = node => node.DisplayName,
        ["backup_node_id"] = node => node.BackupNodeId,
        ["access_ip"] = node => node.AccessIp,
        ["registered_at"] = node => node.RegisteredAt,
        ["created_at"] = node => node.RegisteredAt,
    };

    private readonly IDataProtector _protector = protection.CreateProtector("ImageBackup.BackupNodes.Password");

    /// <summary>Returns the directory of a node.</summary>
    public string DirectoryOf(BackupNodeRecord node) => paths.BackupNode(node.BackupNodeId);

    /// <summary>Returns whether any node is registered.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.BackupNodes.AnyAsync(cancellationToken);
    }

    /// <summary>Returns all nodes.</summary>
    public async Task<IReadOnlyList<BackupNodeRecord>> AllAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.BackupNodes.AsNoTracking().ToListAsync(cancellationToken);
    }

    /// <summary>Returns one page of the nodes; with <paramref name="displayName"/>, of those with that name.</summary>
    public async Task<Page<BackupNodeRecord>> ListAsync(string? projectId, string? displayName, PageRequest page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var nodes = (await VisibleAsync(context, projectId, cancellationToken)).AsNoTracking();
        nodes = displayName is null ? nodes : nodes.Where(node => node.DisplayName == displayName);
        return await nodes.ToPageAsync(page, SortKeys, cancellationToken);
    }

    /// <summary>Returns a node by its number or its <c>backup_node_id</c>.</summary>
    /// <exception cref="NotFoundException">The node is not registered.</exception>
    public async Task<BackupNodeRecord> GetAsync(string? projectId, string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindAsync((await VisibleAsync(context, projectId, cancellationToken)).AsNoTracking(), id, cancellationToken);
    }

    /// <summary>Registers a node and creates its directory.</summary>
    /// <exception cref="ConflictException">Another node has this id, display name or address.</exception>
    /// <exception cref="InvalidRequestException">The id cannot be the name of a directory.</exception>
    /// <exception cref="UnavailableException">The directory belongs to another database.</exception>
    public async Task<BackupNodeRecord> RegisterAsync(NodeRegistration registration, CancellationToken cancellationToken)
    {
        var id = registration.BackupNodeId ?? $"vm-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        if (!NodeId().IsMatch(id) || id is "." or "..")
        {
            throw new InvalidRequestException(
                $"Invalid input for field/attribute backup_node_id. Value: {id}. It must have 1 to 64 letters, digits, dots, dashes or underscores, and not be '.' or '..'.");
        }

        var node = new BackupNodeRecord
        {
            AccessIp = registration.AccessIp,
            UserId = registration.UserId,
            ProtectedPassword = Protect(registration.Password),
            DisplayName = registration.DisplayName,
            BackupNodeId = id,
            UniqueId = string.Join(':', RandomNumberGenerator.GetBytes(16).Select(value => value.ToString("x2"))),
            CosDefault = registration.CosDefault,
            FastCompression = registration.FastCompression,
            RegisteredAt = time.GetUtcNow().UtcDateTime,
        };
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.LockAsync(Lock, cancellationToken);
        await RefuseDuplicateAsync(context, node, cancellationToken);
        context.BackupNodes.Add(node);
        await context.SaveChangesAsync(cancellationToken);
        Directory.CreateDirectory(DirectoryOf(node));
        await markers.CheckAsync(DirectoryOf(node), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return node;
    }

    /// <summary>Changes a registration.</summary>
    /// <exception cref="NotFoundException">The node is not registered.</exception>
    /// <exception cref="ConflictException">Another node has this display name or address.</exception>
    public async Task<BackupNodeRecord> UpdateAsync(string? projectId, string id, NodeChange change, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.LockAsync(Lock, cancellationToken);
        var node = await FindAsync(await VisibleAsync(context, projectId, cancellationToken), id, cancellationToken);
        node.AccessIp = change.AccessIp ?? node.AccessIp;
        node.UserId = change.UserId ?? node.UserId;
        node.DisplayName = change.DisplayName ?? node.DisplayName;
        node.CosDefault = change.CosDefault is null ? node.CosDefault : change.CosDefault.Length == 0 ? null : change.CosDefault;
        node.FastCompression = change.FastCompression ?? node.FastCompression;
        node.ProtectedPassword = Protect(change.Password) ?? node.ProtectedPassword;
        await RefuseDuplicateAsync(context, node, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return node;
    }

    /// <summary>Registers the node <c>local</c>.</summary>
    public Task SeedAsync(CancellationToken cancellationToken)
        => RegisterAsync(new NodeRegistration { AccessIp = "127.0.0.1", DisplayName = "Local backup node", BackupNodeId = LocalNode }, cancellationToken);

    /// <summary>Deletes a registration, and the directory if it is empty.</summary>
    /// <exception cref="NotFoundException">The node is not registered.</exception>
    /// <exception cref="InvalidRequestException">The node has image backups.</exception>
    public async Task DeleteAsync(string? projectId, string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.LockAsync(Lock, cancellationToken);
        var node = await FindAsync(await VisibleAsync(context, projectId, cancellationToken), id, cancellationToken);
        var backups = await context.Backups.CountAsync(backup => backup.BackupHost == node.BackupNodeId, cancellationToken);
        if (backups > 0)
        {
            throw new InvalidRequestException(
                $"Invalid backup node: Backup node {node.BackupNodeId} holds {backups} image backup{(backups == 1 ? "" : "s")}; delete {(backups == 1 ? "it" : "them")} first.");
        }

        context.BackupNodes.Remove(node);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await markers.ForgetAsync(DirectoryOf(node), cancellationToken);
        var directory = new DirectoryInfo(DirectoryOf(node));
        if (directory.Exists && !directory.EnumerateFileSystemInfos().Any())
        {
            directory.Delete();
        }
    }

    /// <summary>Returns the nodes that a project may use.</summary>
    private async Task<IQueryable<BackupNodeRecord>> VisibleAsync(ImageBackupDbContext context, string? projectId, CancellationToken cancellationToken)
    {
        if (projectId is null || access.AllNodesAreShared)
        {
            return context.BackupNodes;
        }

        // Nodes are few. The settings' names ignore the case, which not every database does.
        var nodes = await context.BackupNodes.Select(node => new { node.Id, node.BackupNodeId }).ToListAsync(cancellationToken);
        var visible = nodes.Where(node => access.MayUseNode(projectId, node.BackupNodeId)).Select(node => node.Id).ToList();
        return context.BackupNodes.Where(node => visible.Contains(node.Id));
    }

    private static async Task<BackupNodeRecord> FindAsync(IQueryable<BackupNodeRecord> nodes, string id, CancellationToken cancellationToken)
    {
        var number = int.TryParse(id, out var parsed) ? parsed : -1;
        return await nodes.FirstOrDefaultAsync(node => node.Id == number, cancellationToken)
            ?? await nodes.FirstOrDefaultAsync(node => node.BackupNodeId == id, cancellationToken)
            ?? throw NotFound(id);
    }

    private static async Task RefuseDuplicateAsync(ImageBackupDbContext context, BackupNodeRecord node, CancellationToken cancellationToken)
    {
        var others = await context.BackupNodes.AsNoTracking().Where(other => other.Id != node.Id).ToListAsync(cancellationToken);

        // backup_host can name a node by each of the three, so each must be unique. Some file systems ignore the case of directory names.
        foreach (var other in others)
        {
            var taken = Same(other.BackupNodeId, node.BackupNodeId) ? $"backup_node_id '{node.BackupNodeId}'"
                : Same(other.DisplayName, node.DisplayName) ? $"display_name '{node.DisplayName}'"
                : Same(other.AccessIp, node.AccessIp) ? $"access_ip '{node.AccessIp}'"
                : null;
            if (taken is not null)
            {
                throw new ConflictException($"A backup node with {taken} is already registered (id {other.Id}).");
            }
        }
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    internal static NotFoundException NotFound(string id) => new($"Backup node {id} could not be found.");

    private string? Protect(string? password) => password is null ? null : _protector.Protect(password);

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex NodeId();
}
