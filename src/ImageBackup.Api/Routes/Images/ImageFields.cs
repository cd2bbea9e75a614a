using System.Text;
using System.Text.Json;
using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Routes.Images;

/// <summary>
/// Sets the fields of an image by their wire names, for create and patch. <see cref="CreateImage.CreateImageRequest"/> has their rules; the refusals are Glance's.
/// </summary>
internal static class ImageFields
{
    /// <summary>The most characters of a further property.</summary>
    public const int MaxValueLength = 65_535;

    /// <summary>The most bytes of all further properties of an image together, in UTF-8, with their names.</summary>
    private const int MaxPropertyBytes = 64 * 1024;

    private const int MaxNameLength = 255;
    private const int MaxProperties = 128;
    private const int MaxTags = 128;

    /// <summary>The rules of the fields by wire name.</summary>
    public static readonly Dictionary<string, RequestField> Rules = RequestField.Of(typeof(CreateImage.CreateImageRequest)).ToDictionary(field => field.Name);

    private static readonly HashSet<string> ReadOnly = new(StringComparer.Ordinal)
    {
        "id", "status", "size", "virtual_size", "checksum", "os_hash_algo", "os_hash_value", "created_at", "updated_at", "self", "file", "schema",
        "direct_url", "stores",
    };

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal) { "locations", "deleted", "deleted_at" };

    /// <summary>Returns true for a field that every image has. It can be changed but not removed.</summary>
    public static bool IsBase(string name)
        => ReadOnly.Contains(name) || Reserved.Contains(name)
            || name is "name" or "visibility" or "owner" or "protected" or "os_hidden" or "tags" or "min_disk" or "min_ram" or "disk_format" or "container_format";

    /// <summary>Refuses fields that only the service sets.</summary>
    public static void CheckWritable(string name)
    {
        if (ReadOnly.Contains(name))
        {
            throw new ForbiddenException($"Attribute '{name}' is read-only.");
        }

        if (Reserved.Contains(name) || name.StartsWith("os_glance_", StringComparison.Ordinal))
        {
            throw new ForbiddenException($"Attribute '{name}' is reserved.");
        }
    }

    /// <summary>Sets one field. Lists and dictionaries are replaced, as EF Core does not see changes inside them.</summary>
    public static void Set(ImageRecord image, string name, JsonElement value)
    {
        CheckWritable(name);
        switch (name)
        {
            case "name": image.Name = ReadOrNull(name, value); break;
            case "visibility": image.Visibility = Read<string>(name, value); break;
            case "protected": image.IsProtected = Read<bool>(name, value); break;
            case "os_hidden": image.IsHidden = Read<bool>(name, value); break;
            case "min_disk": image.MinDisk = Read<int>(name, value); break;
            case "min_ram": image.MinRam = Read<int>(name, value); break;
            case "tags": image.Tags = CheckTags(Read<IReadOnlyList<string>>(name, value)); break;
            case "disk_format": image.DiskFormat = ReadFormat(image, name, value); break;
            case "container_format": image.ContainerFormat = ReadFormat(image, name, value); break;
            case "block_device_mapping": SetMapping(image, value); break;
            case "force_raw": SetText(image, name, Read<bool>(name, value) ? "true" : "false"); break;
            case ImageArchitecture.Property: SetArchitecture(image, value); break;
            case "owner": throw new ForbiddenException("Attribute 'owner' can only be set when an image is created.");
            default: SetProperty(image, name, value); break;
        }
    }

    /// <summary>Removes a further property.</summary>
    /// <exception cref="ForbiddenException">Every image has the field.</exception>
    /// <exception cref="ConflictException">The image has no such property.</exception>
    public static void Remove(ImageRecord image, string name)
    {
        if (IsBase(name) || name == "block_device_mapping")
        {
            throw new ForbiddenException($"Property {name} may not be removed.");
        }

        var properties = new Dictionary<string, string>(image.Properties);
        if (!properties.Remove(name))
        {
            throw new ConflictException($"Property {name} does not exist.");
        }

        image.Properties = properties;
    }

    /// <summary>Returns the tags in order, without repetitions.</summary>
    public static List<string> CheckTags(IEnumerable<string> tags)
    {
        var distinct = tags.Select(CheckTag).Distinct(StringComparer.Ordinal).ToList();
        return distinct.Count <= MaxTags ? distinct : throw InvalidField.CreateSecret("tags", $"At most {MaxTags} are allowed.");
    }

    private static string CheckTag(string tag)
        => tag.Length > 0 && RequestValue.Length(tag) <= MaxNameLength ? tag : throw InvalidField.Create("tags", tag, $"A tag must have 1 to {MaxNameLength} characters.");

    private static void SetProperty(ImageRecord image, string name, JsonElement value)
    {
        if (RequestValue.Length(name) is 0 or > MaxNameLength)
        {
            throw InvalidField.Create(name, value, $"A property's name must have 1 to {MaxNameLength} characters.");
        }

        if (value.ValueKind != JsonValueKind.String || RequestValue.Length(value.GetString()!) > MaxValueLength)
        {
            throw InvalidField.Create(name, value, $"{InvalidField.Quote(value)} is not of type 'string' with at most {MaxValueLength} characters");
        }

        SetText(image, name, value.GetString()!);
    }

    /// <summary>Sets the architecture as PowerVC shows it: ppc64le is ppc64 with the endianness little-endian.</summary>
    private static void SetArchitecture(ImageRecord image, JsonElement value)
    {
        SetProperty(image, ImageArchitecture.Property, value);
        if (value.ValueEquals(ImageArchitecture.LittleWord))
        {
            foreach (var (name, text) in ImageArchitecture.PropertiesOf(ImageArchitecture.LittleWord))
            {
                SetText(image, name, text);
            }
        }
    }

    private static void SetText(ImageRecord image, string name, string value)
    {
        var properties = new Dictionary<string, string>(image.Properties) { [name] = value };
        if (properties.Count > MaxProperties)
        {
            throw InvalidField.CreateSecret(name, $"An image has at most {MaxProperties} properties.");
        }

        var bytes = properties.Sum(property => Encoding.UTF8.GetByteCount(property.Key) + Encoding.UTF8.GetByteCount(property.Value));
        image.Properties = bytes <= MaxPropertyBytes
            ? properties
            : throw InvalidField.CreateSecret(name, $"All properties of an image may have at most {MaxPropertyBytes} bytes together, names included; with this one they have {bytes}.");
    }

    private static void SetMapping(ImageRecord image, JsonElement value)
    {
        if (image.BlockDeviceMapping is not null || image.Status != ImageStatus.Queued)
        {
            throw new ForbiddenException("Attribute 'block_device_mapping' can only be set while the image has no data.");
        }

        // PowerVC sends the list as a string.
        var mapping = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        if (ImageVolumes.Parse(mapping).Count == 0)
        {
            throw InvalidField.Create("block_device_mapping", mapping, "It names no volume.");
        }

        image.BlockDeviceMapping = mapping;
    }

    private static string? ReadFormat(ImageRecord image, string name, JsonElement value)
        => value.ValueKind == JsonValueKind.Null || image.Status == ImageStatus.Queued
            ? ReadOrNull(name, value)
            : throw new ForbiddenException($"Attribute '{name}' can only be set while the image is queued.");

    private static string? ReadOrNull(string name, JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : Read<string>(name, value);

    private static T Read<T>(string name, JsonElement value) => (T)RequestValue.Read(Rules[name], value);
}
