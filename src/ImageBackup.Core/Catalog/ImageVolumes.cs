using System.Globalization;
using System.Text.Json;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Catalog;

/// <summary>One volume in the block device mapping of an image.</summary>
/// <param name="VolumeId">The volume.</param>
/// <param name="BootIndex">Position in the boot set; null or -1 for a data volume.</param>
/// <param name="DeleteOnTermination">True when the volume is deleted with the image.</param>
public sealed record ImageVolume(string VolumeId, int? BootIndex, bool DeleteOnTermination)
{
    /// <summary>True for a volume of the boot set.</summary>
    public bool IsBoot => BootIndex >= 0;
}

/// <summary>Reads and writes <c>block_device_mapping</c>: a JSON list of Nova's BDM v2 entries, one for each volume.</summary>
public static class ImageVolumes
{
    /// <summary>Returns the image's volumes: the boot set by boot index, then the data volumes in the mapping's order. Empty without a mapping.</summary>
    /// <exception cref="InvalidRequestException">The mapping is not valid.</exception>
    public static IReadOnlyList<ImageVolume> Parse(ImageRecord image)
        => image.BlockDeviceMapping is { } mapping ? Parse(mapping) : [];

    /// <inheritdoc cref="Parse(ImageRecord)"/>
    public static IReadOnlyList<ImageVolume> Parse(string mapping)
    {
        try
        {
            using var document = JsonDocument.Parse(mapping);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                throw Invalid(mapping, "It must be a JSON list of block devices.");
            }

            var volumes = document.RootElement.EnumerateArray().Select(ReadEntry).ToList();
            var twice = volumes.GroupBy(volume => volume.VolumeId, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
            return twice is null
                ? [.. volumes.OrderBy(volume => volume.IsBoot ? volume.BootIndex : int.MaxValue)]
                : throw Invalid(mapping, $"It names volume {twice.Key} more than once.");
        }
        catch (JsonException e)
        {
            throw Invalid(mapping, $"It is not JSON: {e.Message}");
        }
    }

    /// <summary>Returns a mapping of volumes that are deleted with the image, with the keys of PowerVC's images (IBM's page <i>Create image API</i>).</summary>
    public static string Write(IEnumerable<(string VolumeId, int BootIndex, int SizeGiB)> volumes)
        => JsonSerializer.Serialize(volumes.Select(volume => new Dictionary<string, object?>
        {
            ["guest_format"] = null,
            ["boot_index"] = volume.BootIndex,
            ["no_device"] = null,
            ["image_id"] = null,
            ["volume_id"] = volume.VolumeId,
            ["disk_bus"] = null,
            ["volume_size"] = volume.SizeGiB,
            ["source_type"] = "volume",
            ["device_type"] = "disk",
            ["snapshot_id"] = null,
            ["destination_type"] = "volume",
            ["delete_on_termination"] = true,
        }));

    private static ImageVolume ReadEntry(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            throw Invalid(entry.GetRawText(), "Each entry must be an object.");
        }

        if (!entry.TryGetProperty("volume_id", out var id) || id.ValueKind != JsonValueKind.String || id.GetString() is not { Length: > 0 } volumeId)
        {
            throw Invalid(entry.GetRawText(), "Each entry must name a volume by 'volume_id'.");
        }

        return new ImageVolume(volumeId, ReadBootIndex(entry), ReadDeleteOnTermination(entry));
    }

    // Nova writes numbers, PowerVC's samples also contain strings.
    private static int? ReadBootIndex(JsonElement entry)
    {
        if (!entry.TryGetProperty("boot_index", out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var number = 0;
        var isInteger = value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetInt32(out number),
            JsonValueKind.String => int.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number),
            _ => false,
        };
        return isInteger && number >= -1 ? number : throw Invalid(entry.GetRawText(), "'boot_index' must be null, -1, or a position in the boot set, counted from 0.");
    }

    private static bool ReadDeleteOnTermination(JsonElement entry)
    {
        if (!entry.TryGetProperty("delete_on_termination", out var value))
        {
            return false;
        }

        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False or JsonValueKind.Null => false,
            JsonValueKind.String when string.Equals(value.GetString(), "true", StringComparison.OrdinalIgnoreCase) => true,
            JsonValueKind.String when string.Equals(value.GetString(), "false", StringComparison.OrdinalIgnoreCase) => false,
            _ => throw Invalid(entry.GetRawText(), "'delete_on_termination' must be true or false."),
        };
    }

    private static InvalidRequestException Invalid(string value, string reason)
        => new($"Invalid input for field/attribute block_device_mapping. Value: {(value.Length > 256 ? value[..256] + "…" : value)}. {reason}");
}
