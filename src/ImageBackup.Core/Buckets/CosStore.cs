using System.Linq.Expressions;
using ImageBackup.Core.Errors;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Buckets;

/// <summary>The buckets that projects have registered, one name once a project. What is written was reachable when it was.</summary>
public sealed class CosStore
{
    private static readonly Dictionary<string, Expression<Func<CosRecord, object?>>> SortKeys = new()
    {
        ["id"] = cos => cos.Id,
        ["name"] = cos => cos.Name,
        ["type"] = cos => cos.Type,
        ["bucket_name"] = cos => cos.BucketName,
        ["created_at"] = cos => cos.CreatedAt,
        ["updated_at"] = cos => cos.UpdatedAt,
    };

    private readonly IDbContextFactory<ImageBackupDbContext> contexts;
    private readonly ObjectStores stores;
    private readonly CosProtector protector;
    private readonly TimeProvider time;

    internal CosStore(IDbContextFactory<ImageBackupDbContext> contexts, ObjectStores stores, CosProtector protector, TimeProvider time)
    {
        this.contexts = contexts;
        this.stores = stores;
        this.protector = protector;
        this.time = time;
    }

    /// <summary>Registers an existing bucket.</summary>
    /// <exception cref="ObjectStoreException">The bucket can't be reached with these credentials.</exception>
    /// <exception cref="InvalidRequestException">The project has registered a bucket of that name.</exception>
    public async Task<CosRegistration> CreateAsync(string projectId, CosCommand command, CancellationToken cancellationToken)
    {
        await CheckNameAsync(projectId, command.BucketName, null, cancellationToken);
        await CheckBucketAsync(command.Credentials, command.BucketName, cancellationToken);
        var record = new CosRecord
        {
            ProjectId = projectId,
            Name = command.Name,
            Type = command.Type,
            BucketName = command.BucketName,
            ProtectedCredentials = protector.Protect(command.Credentials),
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Add(record);
        await SaveAsync(context, record, cancellationToken);
        return Describe(record);
    }

    public async Task<CosRegistration> GetAsync(string projectId, int id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return Describe(await FindAsync(context, projectId, id, cancellationToken));
    }

    /// <summary>A page of the project's registrations, those of <paramref name="name"/> where it is given.</summary>
    public async Task<Page<CosRegistration>> ListAsync(string projectId, string? name, PageRequest request, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = context.Cos.AsNoTracking().Where(cos => cos.ProjectId == projectId && (name == null || cos.Name == name));
        var page = await rows.ToPageAsync(request, SortKeys, cos => cos.Id, cancellationToken);
        return new Page<CosRegistration>([.. page.Items.Select(Describe)], page.HasMore, page.Count);
    }

    /// <summary>Changes what is given, once the bucket can be reached as it then is.</summary>
    public async Task<CosRegistration> UpdateAsync(string projectId, int id, CosChanges changes, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var record = await FindAsync(context, projectId, id, cancellationToken);
        var bucket = changes.BucketName ?? record.BucketName;
        if (bucket != record.BucketName)
        {
            await RefuseInUseAsync(context, record, cancellationToken);
        }

        if (changes.Credentials is not null || changes.BucketName is not null)
        {
            await CheckNameAsync(projectId, bucket, id, cancellationToken);
            var credentials = changes.Credentials ?? protector.Unprotect(record.Name, record.ProtectedCredentials);
            await CheckBucketAsync(credentials, bucket, cancellationToken);
            record.ProtectedCredentials = protector.Protect(credentials);
        }

        record.Name = changes.Name ?? record.Name;
        record.Type = changes.Type ?? record.Type;
        record.BucketName = bucket;
        record.UpdatedAt = time.GetUtcNow().UtcDateTime;
        await SaveAsync(context, record, cancellationToken);
        return Describe(record);
    }

    /// <summary>The bucket that a registration names.</summary>
    public async Task<Bucket> OpenAsync(string projectId, int id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var record = await FindAsync(context, projectId, id, cancellationToken);
        return new Bucket(stores.Open(protector.Unprotect(record.Name, record.ProtectedCredentials)), record.BucketName);
    }

    /// <summary>Forgets the registration; bucket and objects stay.</summary>
    /// <exception cref="InvalidRequestException">Archives of the project lie in the bucket: without the registration its name would mean another one.</exception>
    public async Task DeleteAsync(string projectId, int id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var record = await FindAsync(context, projectId, id, cancellationToken);
        await RefuseInUseAsync(context, record, cancellationToken);
        context.Remove(record);
        await context.SaveChangesAsync(cancellationToken);
    }

    private static async Task RefuseInUseAsync(ImageBackupDbContext context, CosRecord record, CancellationToken cancellationToken)
    {
        var backup = await context.Backups.AsNoTracking().FirstOrDefaultAsync(
            backup => backup.ProjectId == record.ProjectId && backup.CosBucket == record.BucketName && backup.OwnsObject, cancellationToken);
        if (backup is not null)
        {
            throw new InvalidRequestException($"COS {record.Id} is in use: image backup {backup.Id} lies in its bucket '{record.BucketName}'. Move or delete the backups there first.");
        }
    }

    private static async Task<CosRecord> FindAsync(ImageBackupDbContext context, string projectId, int id, CancellationToken cancellationToken)
        => await context.Cos.SingleOrDefaultAsync(cos => cos.ProjectId == projectId && cos.Id == id, cancellationToken)
            ?? throw new NotFoundException($"COS {id} could not be found.");

    private async Task CheckBucketAsync(CosCredentials credentials, string bucket, CancellationToken cancellationToken)
    {
        using var store = stores.OpenOnce(credentials);
        await store.CheckBucketAsync(bucket, cancellationToken);
    }

    private async Task CheckNameAsync(string projectId, string bucket, int? ownId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var other = await context.Cos.AsNoTracking().FirstOrDefaultAsync(
            cos => cos.ProjectId == projectId && cos.BucketName == bucket && cos.Id != (ownId ?? 0), cancellationToken);
        if (other is not null)
        {
            throw new InvalidRequestException(
                $"Invalid input for field/attribute bucket_name. Value: {bucket}. COS {other.Id} ('{other.Name}') has registered a bucket of that name; requests name buckets by name alone.");
        }
    }

    /// <summary>Of two that register one name at once, the index lets one through.</summary>
    private async Task SaveAsync(ImageBackupDbContext context, CosRecord record, CancellationToken cancellationToken)
    {
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            await CheckNameAsync(record.ProjectId, record.BucketName, record.Id, cancellationToken);
            throw;
        }
    }

    private CosRegistration Describe(CosRecord record)
        => new(record.Id, record.Name, record.Type, record.BucketName, protector.Find(record.ProtectedCredentials), record.CreatedAt, record.UpdatedAt);
}
