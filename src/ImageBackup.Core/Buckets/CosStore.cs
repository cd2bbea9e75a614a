using ImageBackup.Core.Errors;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Buckets;

/// <summary>The buckets that projects have registered. A project registers each name once, and only buckets that it can reach.</summary>
public sealed class CosStore(IDbContextFactory<ImageBackupDbContext> contexts, ObjectStores stores, CosProtector protector, TimeProvider time)
{
    private static readonly SortKeys<CosRecord> SortKeys = new(cos => cos.Id)
    {
        Name = cos => cos.Name + " " + cos.BucketName,
        ["id"] = cos => cos.Id,
        ["name"] = cos => cos.Name,
        ["type"] = cos => cos.Type,
        ["bucket_name"] = cos => cos.BucketName,
        ["created_at"] = cos => cos.CreatedAt,
        ["updated_at"] = cos => cos.UpdatedAt,
    };

    /// <summary>Registers an existing bucket.</summary>
    /// <exception cref="ObjectStoreException">The bucket cannot be reached with these credentials.</exception>
    /// <exception cref="InvalidRequestException">The project has already registered a bucket of that name.</exception>
    public async Task<CosRegistration> CreateAsync(string projectId, CosCommand command, CancellationToken cancellationToken)
    {
        await RefuseDuplicateAsync(projectId, command.BucketName, null, cancellationToken);
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

    /// <exception cref="NotFoundException">The project has no registration of that number.</exception>
    public async Task<CosRegistration> GetAsync(string projectId, int id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return Describe(await FindAsync(context, projectId, id, cancellationToken));
    }

    /// <summary>Returns a page of the project's registrations; with <paramref name="name"/>, of those with that display name.</summary>
    public async Task<Page<CosRegistration>> ListAsync(string projectId, string? name, PageRequest request, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = context.Cos.AsNoTracking().Where(cos => cos.ProjectId == projectId && (name == null || cos.Name == name));
        var page = await rows.ToPageAsync(request, SortKeys, cancellationToken);
        return new Page<CosRegistration>([.. page.Items.Select(Describe)], page.Last is { } last ? Describe(last) : null, page.Count);
    }

    /// <summary>Changes a registration after checking that the bucket can be reached with the new values.</summary>
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
            await RefuseDuplicateAsync(projectId, bucket, id, cancellationToken);
            var credentials = changes.Credentials ?? protector.CredentialsOf(record);
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

    /// <summary>Returns the bucket of a registration.</summary>
    public async Task<Bucket> OpenAsync(string projectId, int id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var record = await FindAsync(context, projectId, id, cancellationToken);
        return new Bucket(stores.Open(protector.CredentialsOf(record)), record.BucketName);
    }

    /// <summary>Deletes a registration. The bucket and its objects stay.</summary>
    /// <exception cref="InvalidRequestException">The bucket contains archives of the project. Without the registration its name would mean another bucket.</exception>
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
            throw new InvalidRequestException($"COS {record.Id} is in use: its bucket '{record.BucketName}' contains image backup {backup.Id}. Move or delete the image backups in the bucket first.");
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

    private async Task RefuseDuplicateAsync(string projectId, string bucket, int? ownId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var other = await context.Cos.AsNoTracking().FirstOrDefaultAsync(
            cos => cos.ProjectId == projectId && cos.BucketName == bucket && cos.Id != (ownId ?? 0), cancellationToken);
        if (other is not null)
        {
            throw new InvalidRequestException(
                $"Invalid input for field/attribute bucket_name. Value: {bucket}. COS {other.Id} ('{other.Name}') is already registered with this bucket name. A project can register each name once.");
        }
    }

    /// <summary>Saves the record. When two requests register one name at the same time, the unique index refuses one of them.</summary>
    private async Task SaveAsync(ImageBackupDbContext context, CosRecord record, CancellationToken cancellationToken)
    {
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            await RefuseDuplicateAsync(record.ProjectId, record.BucketName, record.Id, cancellationToken);
            throw;
        }
    }

    private CosRegistration Describe(CosRecord record)
        => new(record.Id, record.Name, record.Type, record.BucketName, protector.FindCredentialsOf(record), record.CreatedAt, record.UpdatedAt);
}
