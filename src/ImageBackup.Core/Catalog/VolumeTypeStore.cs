using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Catalog;

/// <summary>The storage templates (Cinder's volume types).</summary>
public sealed class VolumeTypeStore(IDbContextFactory<ImageBackupDbContext> contexts)
{
    /// <summary>The id of the default template of a new service. IBM's samples use this id.</summary>
    public const string DefaultTypeId = "9c219888-1ab0-429e-9282-7cbc6957c839";

    /// <summary>The id of the second template of a new service.</summary>
    public const string SecondTypeId = "b2f1d0c4-7e38-4d19-8c65-93a4e7d05f12";

    private static readonly SortKeys<VolumeTypeRecord> SortKeys = new(type => type.Id)
    {
        ["id"] = type => type.Id,
        ["name"] = type => type.Name,

        // Volume types have no time of creation, but Cinder's default order has this name.
        ["created_at"] = type => type.IsDefault,
    };

    /// <summary>Returns one page of the templates.</summary>
    public async Task<Page<VolumeTypeRecord>> ListAsync(PageRequest page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.VolumeTypes.AsNoTracking().ToPageAsync(page, SortKeys, cancellationToken);
    }

    /// <summary>Returns the template of requests that name none.</summary>
    public async Task<VolumeTypeRecord> GetDefaultAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.VolumeTypes.AsNoTracking().FirstOrDefaultAsync(type => type.IsDefault, cancellationToken)
            ?? throw new NotFoundException("Default volume type can not be found.");
    }

    /// <summary>Returns the template of that id or name, or the default template for null.</summary>
    /// <exception cref="NotFoundException">The template does not exist.</exception>
    public async Task<VolumeTypeRecord> ResolveAsync(string? idOrName, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(idOrName))
        {
            return await GetDefaultAsync(cancellationToken);
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var types = context.VolumeTypes.AsNoTracking();
        return await types.FirstOrDefaultAsync(type => type.Id == idOrName, cancellationToken)
            ?? await types.FirstOrDefaultAsync(type => type.Name == idOrName, cancellationToken)
            ?? throw new NotFoundException($"Volume type {idOrName} could not be found.");
    }

    /// <summary>Returns the names of all templates by id.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NamesAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.VolumeTypes.ToDictionaryAsync(type => type.Id, type => type.Name, cancellationToken);
    }

    /// <summary>Returns whether any template exists.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.VolumeTypes.AnyAsync(cancellationToken);
    }

    /// <summary>Adds a template.</summary>
    /// <exception cref="ConflictException">A template has the id.</exception>
    public async Task AddAsync(VolumeTypeRecord template, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.VolumeTypes.AnyAsync(type => type.Id == template.Id, cancellationToken))
        {
            throw new ConflictException($"Volume type {template.Id} already exists.");
        }

        context.VolumeTypes.Add(template);
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Adds the templates of a new service.</summary>
    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.VolumeTypes.AddRange(
            new VolumeTypeRecord { Id = DefaultTypeId, Name = "local base template", Description = "The default storage template", IsDefault = true },
            new VolumeTypeRecord { Id = SecondTypeId, Name = "local second template", Description = "Another storage template on the same storage" });
        await context.SaveChangesAsync(cancellationToken);
    }
}
