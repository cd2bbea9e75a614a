using System.Linq.Expressions;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Catalog;

/// <summary>The storage templates (Cinder's volume types).</summary>
public sealed class VolumeTypeStore(IDbContextFactory<ImageBackupDbContext> contexts)
{
    /// <summary>Id of the default template of a fresh service: the one in IBM's samples, so that they run as they stand.</summary>
    public const string DefaultTypeId = "9c219888-1ab0-429e-9282-7cbc6957c839";

    /// <summary>Id of the second template of a fresh service.</summary>
    public const string SecondTypeId = "b2f1d0c4-7e38-4d19-8c65-93a4e7d05f12";

    private static readonly Dictionary<string, Expression<Func<VolumeTypeRecord, object?>>> SortFields = new()
    {
        ["id"] = type => type.Id,
        ["name"] = type => type.Name,

        // Types have no time of their own; Cinder's default order is asked for by this name.
        ["created_at"] = type => type.IsDefault,
    };

    /// <summary>One page of the templates.</summary>
    public async Task<Page<VolumeTypeRecord>> ListAsync(PageRequest page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.VolumeTypes.AsNoTracking().ToPageAsync(page, SortFields, type => type.Id, cancellationToken);
    }

    /// <summary>The template used where a request names none.</summary>
    public async Task<VolumeTypeRecord> GetDefaultAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.VolumeTypes.AsNoTracking().FirstOrDefaultAsync(type => type.IsDefault, cancellationToken)
            ?? throw new NotFoundException("Default volume type can not be found.");
    }

    /// <summary>The template that a request names by id or by name, or the default one for null.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
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

    /// <summary>The names of all templates by id, for answers that show the name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NamesAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.VolumeTypes.ToDictionaryAsync(type => type.Id, type => type.Name, cancellationToken);
    }

    /// <summary>True where there is any template.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.VolumeTypes.AnyAsync(cancellationToken);
    }

    /// <summary>Gives a fresh service its templates.</summary>
    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.VolumeTypes.AddRange(
            new VolumeTypeRecord { Id = DefaultTypeId, Name = "local base template", Description = "The default storage template", IsDefault = true },
            new VolumeTypeRecord { Id = SecondTypeId, Name = "local second template", Description = "Another storage template on the same storage" });
        await context.SaveChangesAsync(cancellationToken);
    }
}
