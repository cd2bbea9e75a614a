using ImageBackup.Api.Http;
using ImageBackup.Core.Access;
using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Emulator;

/// <summary>Adds the storage templates, buckets, nodes and images of a seed.</summary>
internal sealed class SeedCatalog(
    VolumeTypeStore templates, VolumeStore volumes, ImageStore images, BackupNodeStore nodes, SeedScope scope, DataPaths paths, IOptions<CosOptions> cos, IDbContextFactory<ImageBackupDbContext> contexts, TimeProvider time)
{
    private const long MostBytes = 64L << 40;
    private const long DefaultData = 8L << 20;

    /// <summary>Adds a template.</summary>
    public async Task AddAsync(SeedTemplateRequest seed, CancellationToken cancellationToken)
    {
        if (!(await templates.NamesAsync(cancellationToken)).Values.Contains(seed.Name))
        {
            await templates.AddAsync(new VolumeTypeRecord { Id = IdOf(seed.Id), Name = seed.Name, Description = seed.Description }, cancellationToken);
        }
    }

    /// <summary>Adds a bucket.</summary>
    public void Add(SeedBucketRequest seed)
    {
        if (!cos.Value.IsEmbedded)
        {
            throw InvalidField.Create("name", seed.Name, $"Buckets are seeded in the embedded object store only. Create the bucket at {cos.Value.ServiceUrl}.");
        }

        if (!BucketNames.IsBucketName(seed.Name))
        {
            throw InvalidField.Create("name", seed.Name, "Use 3 to 63 lower-case letters, digits, dots and dashes, as S3 permits.");
        }

        Directory.CreateDirectory(Path.Combine(cos.Value.EmbeddedRoot(paths), seed.Name));
    }

    /// <summary>Adds a node.</summary>
    public async Task AddAsync(SeedNodeRequest seed, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.BackupNodes.AnyAsync(node => node.BackupNodeId == seed.BackupNodeId, cancellationToken))
        {
            await nodes.RegisterAsync(
                new NodeRegistration { AccessIp = seed.AccessIp, DisplayName = seed.DisplayName ?? seed.BackupNodeId, BackupNodeId = seed.BackupNodeId, CosDefault = seed.CosDefault, FastCompression = seed.FastCompression },
                cancellationToken);
        }
    }

    /// <summary>Adds an image and its volumes.</summary>
    public async Task AddAsync(SeedImageRequest seed, CancellationToken cancellationToken)
    {
        if (seed.Volumes.Count == 0)
        {
            throw InvalidField.InRecord("volumes", "It is empty. Give at least one volume, the boot volume first.");
        }

        var caller = scope.CallerOf(seed.Project);
        var id = IdOf(seed.Id);
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (await db.Images.AnyAsync(image => image.Id == id || (image.Name == seed.Name && image.Owner == caller.ProjectId), cancellationToken))
            {
                return;
            }
        }

        var made = new List<(string, int, int)>();
        for (var i = 0; i < seed.Volumes.Count; i++)
        {
            var volume = await AddVolumeAsync(caller, seed, i, cancellationToken);
            made.Add((volume.Id, i == 0 ? 0 : -1, Gibibytes.RoundUp(volume.SizeBytes)));
        }

        await images.CreateAsync(caller, ToRecord(seed, id, caller, made), cancellationToken);
    }

    private ImageRecord ToRecord(SeedImageRequest seed, string id, Caller caller, IEnumerable<(string, int, int)> made) => new()
    {
        Id = id,
        Owner = caller.ProjectId,
        Name = seed.Name,
        Status = ImageStatus.Queued,
        Visibility = seed.Visibility,
        DiskFormat = "raw",
        ContainerFormat = "bare",
        BlockDeviceMapping = ImageVolumes.Write(made),
        Properties = ImageArchitecture.PropertiesOf(seed.Architecture)
            .Concat(seed.OsDistro is { } system ? [new("os_distro", system)] : [])
            .ToDictionary(property => property.Key, property => property.Value),
        CreatedAt = time.GetUtcNow().UtcDateTime,
        UpdatedAt = time.GetUtcNow().UtcDateTime,
    };

    private async Task<VolumeRecord> AddVolumeAsync(Caller caller, SeedImageRequest image, int number, CancellationToken cancellationToken)
    {
        var seed = image.Volumes[number];
        var size = ByteSize.Read("size", seed.Size, MostBytes);
        var data = seed.Data is { } given ? ByteSize.Read("data", given, size) : Math.Min(size, DefaultData);
        var template = await templates.ResolveAsync(seed.StorageTemplate, cancellationToken);
        var volume = await volumes.CreateAsync(
            caller, new NewVolume { SizeGiB = null, SizeBytes = size, VolumeTypeId = template.Id, Name = $"{image.Name}-{number + 1}", Bootable = number == 0 }, cancellationToken);

        // No operation reads the volume before its image exists.
        using var file = File.OpenHandle(paths.Volume(volume.Id), FileMode.Open, FileAccess.Write);
        VolumeContents.Write(file, Enum.Parse<VolumeContent>(seed.Content, ignoreCase: true), data, $"{image.Name}/{number + 1}");
        return volume;
    }

    private static string IdOf(string? wanted) => wanted is null ? Guid.NewGuid().ToString()
        : Guid.TryParseExact(wanted, "D", out var id) ? id.ToString()
        : throw InvalidField.Create("id", wanted, "Use a UUID such as 9c219888-1ab0-429e-9282-7cbc6957c839.");
}
