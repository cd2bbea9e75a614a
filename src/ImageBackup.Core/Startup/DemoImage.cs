using System.Text;
using ImageBackup.Core.Access;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Startup;

/// <summary>A small demo image: 64 MiB with 6 MiB of data, the same on every machine.</summary>
internal sealed class DemoImage(ImageStore images, ImageFileStore files, DataPaths paths, TimeProvider time, IOptions<AuthOptions> auth)
{
    /// <summary>The image id in IBM's samples, so that the samples work unchanged.</summary>
    public const string Id = "9c219888-1ab0-429e-9282-7cbc6957c839";

    private const long Size = 64L << 20;
    private const int Piece = 2 << 20;

    /// <summary>Creates the image, or completes it if an earlier start was stopped.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        var caller = new Caller(auth.Value.ProjectId, "demo", ["admin"], true);
        var present = await images.FindVisibleAsync(caller, Id, cancellationToken);
        if (present is null)
        {
            await images.CreateAsync(caller, NewRecord(caller), cancellationToken);
        }
        else if (present.Status != ImageStatus.Queued)
        {
            return;
        }

        // A fixed name: the next start overwrites the file of a start that was killed.
        var file = Path.Combine(paths.Root, ".demo-image");
        await using var content = new FileStream(file, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        Fill(content);
        content.Position = 0;
        await files.UploadAsync(caller, Id, content, Size, VolumeTypeStore.DefaultTypeId, cancellationToken);
    }

    private ImageRecord NewRecord(Caller caller) => new()
    {
        Id = Id,
        Owner = caller.ProjectId,
        Name = "demo-aix",
        Status = ImageStatus.Queued,
        Visibility = ImageVisibility.Public,
        DiskFormat = "raw",
        ContainerFormat = "bare",
        Properties = new Dictionary<string, string>
        {
            ["os_distro"] = "aix",
            ["architecture"] = "ppc64",
            ["endianness"] = "big-endian",
            ["hypervisor_type"] = "phyp",
        },
        CreatedAt = time.GetUtcNow().UtcDateTime,
        UpdatedAt = time.GetUtcNow().UtcDateTime,
    };

    /// <summary>Writes text, which compresses, random bytes, which do not, and holes between them.</summary>
    private static void Fill(FileStream content)
    {
        var line = Encoding.ASCII.GetBytes("A demonstration volume: back it up, delete it, restore it, compare it.\n");
        var text = new byte[Piece];
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = line[i % line.Length];
        }

        var noise = new byte[Piece];
        new Random(20_221_128).NextBytes(noise);
        content.Write(text);
        content.Position = Size / 4;
        content.Write(noise);
        content.Position = Size - Piece;
        content.Write(text);
    }
}
