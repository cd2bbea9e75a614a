using System.Linq.Expressions;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.BackupNodes;

/// <summary>The registered backup nodes.</summary>
public sealed partial class BackupNodeStore(
    IDbContextFactory<ImageBackupDbContext> contexts, DataPaths paths, IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>The node that a first start registers.</summary>
    public const string LocalNode = "local";

    private static readonly Dictionary<string, Expression<Func<BackupNodeRecord, object?>>> SortFields = new()
    {
        ["id"] = node => node.Id,
        ["display_name"] = node => node.DisplayName,
        ["backup_node_id"] = node => node.BackupNodeId,
        ["access_ip"] = node => node.AccessIp,
        ["registered_at"] = node => node.RegisteredAt,
        ["created_at"] = node => node.RegisteredAt,
    };

    private readonly IDataProtector _protector = protection.CreateProtector("ImageBackup.BackupNodes.Password");

    /// <summary>The directory that a node sees.</summary>
    public string DirectoryOf(BackupNodeRecord node) => paths.BackupNode(node.BackupNodeId);

    /// <summary>True where any node is registered.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.BackupNodes.AnyAsync(cancellationToken);
    }

    /// <summary>One page of the nodes; <paramref name="displayName"/> narrows it.</summary>
    public async Task<Page<BackupNodeRecord>> ListAsync(string? displayName, PageRequest page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var nodes = context.BackupNodes.AsNoTracking();
        nodes = displayName is null ? nodes : nodes.Where(node => node.DisplayName == displayName);
        return await nodes.ToPageAsync(page, SortFields, node => node.Id, cancellationToken);
    }

    /// <summary>A node by its number or its <c>backup_node_id</c>.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    public async Task<BackupNodeRecord> GetAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindAsync(context.BackupNodes.AsNoTracking(), id, cancellationToken);
    }

    /// <summary>Registers a node and makes its directory.</summary>
    /// <exception cref="ConflictException">Its id, display name or address is another's.</exception>
    /// <exception cref="InvalidRequestException">Its id can't name a directory.</exception>
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
        await RefuseDuplicateAsync(context, node, cancellationToken);
        context.BackupNodes.Add(node);
        await context.SaveChangesAsync(cancellationToken);
        Directory.CreateDirectory(DirectoryOf(node));
        await transaction.CommitAsync(cancellationToken);
        return node;
    }

    /// <summary>Changes a registration.</summary>
    /// <exception cref="NotFoundException">There is no such node.</exception>
    /// <exception cref="ConflictException">The display name or address is another's.</exception>
    public async Task<BackupNodeRecord> UpdateAsync(string id, NodeChange change, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var node = await FindAsync(context.BackupNodes, id, cancellationToken);
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

    /// <summary>Takes a registration back. The directory goes too where it is empty; files of others are never removed.</summary>
    /// <exception cref="NotFoundException">There is no such node.</exception>
    /// <exception cref="InvalidRequestException">Image backups are registered on it.</exception>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var node = await FindAsync(context.BackupNodes, id, cancellationToken);
        var backups = await context.Backups.CountAsync(backup => backup.BackupHost == node.BackupNodeId, cancellationToken);
        if (backups > 0)
        {
            throw new InvalidRequestException(
                $"Invalid backup node: Backup node {node.BackupNodeId} holds {backups} image backup{(backups == 1 ? "" : "s")}; delete {(backups == 1 ? "it" : "them")} first.");
        }

        context.BackupNodes.Remove(node);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var directory = new DirectoryInfo(DirectoryOf(node));
        if (directory.Exists && !directory.EnumerateFileSystemInfos().Any())
        {
            directory.Delete();
        }
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

        // Each of the three is a name for backup_host, so none may mean two nodes. Directories may not know upper from lower case.
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

    private static NotFoundException NotFound(string id) => new($"Backup node {id} could not be found.");

    private string? Protect(string? password) => password is null ? null : _protector.Protect(password);

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex NodeId();
}
