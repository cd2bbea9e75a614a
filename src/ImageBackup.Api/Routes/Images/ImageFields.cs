using System.Text.Json;
using ImageBackup.Api.Http;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Routes.Images;

/// <summary>Sets fields of an image by their wire names, as create and patch have them in common; refuses in Glance's words.</summary>
internal static class ImageFields
{
    private const int LongestName = 255;
    private const int LongestValue = 65_535;
    private const int MostProperties = 128;
    private const int MostTags = 128;

    private static readonly string[] Visibilities = ["public", "private", "shared", "community"];

    private static readonly HashSet<string> ReadOnly = new(StringComparer.Ordinal)
    {
        "id", "status", "size", "virtual_size", "checksum", "os_hash_algo", "os_hash_value", "created_at", "updated_at", "self", "file", "schema",
        "direct_url", "stores",
    };

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal) { "locations", "deleted", "deleted_at" };

    /// <summary>The names every image has; they can be changed, not removed.</summary>
    public static bool IsBase(string name)
        => ReadOnly.Contains(name) || Reserved.Contains(name)
            || name is "name" or "visibility" or "owner" or "protected" or "os_hidden" or "tags" or "min_disk" or "min_ram" or "disk_format" or "container_format";

    /// <summary>Refuses what only the service sets.</summary>
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

    /// <summary>Sets one field. Lists and dictionaries are replaced, never changed in place.</summary>
    public static void Set(ImageRecord image, string name, JsonElement value)
    {
        CheckWritable(name);
        switch (name)
        {
            case "name": image.Name = Text(name, value, LongestName); break;
            case "visibility": image.Visibility = Word(name, value, Visibilities); break;
            case "protected": image.IsProtected = Boolean(name, value); break;
            case "os_hidden": image.IsHidden = Boolean(name, value); break;
            case "min_disk": image.MinDisk = Integer(name, value); break;
            case "min_ram": image.MinRam = Integer(name, value); break;
            case "tags": image.Tags = Tags(value); break;
            case "disk_format": image.DiskFormat = Format(image, name, value, "raw", "qemu-img convert -O raw makes one of others"); break;
            case "container_format": image.ContainerFormat = Format(image, name, value, "bare", "the file must be the disk itself"); break;
            case "block_device_mapping": SetMapping(image, value); break;
            case "owner": throw new ForbiddenException("Attribute 'owner' can only be set when an image is created.");
            default: SetProperty(image, name, value); break;
        }
    }

    /// <summary>Takes a further property away.</summary>
    /// <exception cref="ForbiddenException">The field belongs to every image.</exception>
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

    /// <summary>One tag, checked.</summary>
    public static string Tag(string tag)
        => tag.Length is > 0 and <= LongestName ? tag : throw InvalidField.Create("tags", tag, $"A tag must have 1 to {LongestName} characters.");

    /// <summary>Tags without repetitions, in order.</summary>
    public static List<string> CheckTags(IEnumerable<string> tags)
    {
        var distinct = tags.Select(Tag).Distinct(StringComparer.Ordinal).ToList();
        return distinct.Count <= MostTags ? distinct : throw InvalidField.CreateSecret("tags", $"At most {MostTags} are allowed.");
    }

    private static void SetProperty(ImageRecord image, string name, JsonElement value)
    {
        if (name.Length is 0 or > LongestName)
        {
            throw InvalidField.Create(name, value, $"A property's name must have 1 to {LongestName} characters.");
        }

        if (value.ValueKind != JsonValueKind.String || value.GetString()!.Length > LongestValue)
        {
            throw InvalidField.Create(name, value, $"{InvalidField.Quote(value)} is not of type 'string' with at most {LongestValue} characters");
        }

        var properties = new Dictionary<string, string>(image.Properties) { [name] = value.GetString()! };
        image.Properties = properties.Count <= MostProperties
            ? properties
            : throw InvalidField.CreateSecret(name, $"An image has at most {MostProperties} properties.");
    }

    private static void SetMapping(ImageRecord image, JsonElement value)
    {
        if (image.BlockDeviceMapping is not null || image.Status != ImageStatus.Queued)
        {
            throw new ForbiddenException("Attribute 'block_device_mapping' can only be set while the image has no data.");
        }

        // PowerVC has the list as a string; the list itself is as clear.
        var mapping = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        if (ImageVolumes.Parse(mapping).Count == 0)
        {
            throw InvalidField.Create("block_device_mapping", mapping, "It names no volume.");
        }

        image.BlockDeviceMapping = mapping;
    }

    private static string? Format(ImageRecord image, string name, JsonElement value, string only, string hint)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (image.Status != ImageStatus.Queued)
        {
            throw new ForbiddenException($"Attribute '{name}' can only be set while the image is queued.");
        }

        return value.ValueKind == JsonValueKind.String && string.Equals(value.GetString(), only, StringComparison.OrdinalIgnoreCase)
            ? only
            : throw InvalidField.Create(name, value, $"{InvalidField.Quote(value)} is not one of ['{only}']: {hint}");
    }

    private static string? Text(string name, JsonElement value, int longest)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            throw InvalidField.Create(name, value, $"{InvalidField.Quote(value)} is not of type 'string'");
        }

        var text = value.GetString()!;
        return text.Length <= longest ? text : throw InvalidField.Create(name, value, $"It is too long: {text.Length} characters, at most {longest} are allowed");
    }

    private static string Word(string name, JsonElement value, string[] words)
        => words.FirstOrDefault(word => value.ValueKind == JsonValueKind.String && word == value.GetString())
            ?? throw InvalidField.Create(name, value, $"{InvalidField.Quote(value)} is not one of [{string.Join(", ", words.Select(word => $"'{word}'"))}]");

    private static bool Boolean(string name, JsonElement value)
        => BodyFields.ReadBoolean(value) ?? throw InvalidField.Create(name, value, $"{InvalidField.Quote(value)} is not of type 'boolean'");

    private static int Integer(string name, JsonElement value)
        => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0
            ? number
            : throw InvalidField.Create(name, value, $"{InvalidField.Quote(value)} is not an integer from 0 to {int.MaxValue}");

    private static List<string> Tags(JsonElement value)
        => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? CheckTags(value.EnumerateArray().Select(item => item.GetString()!))
            : throw InvalidField.Create("tags", value, $"{InvalidField.Quote(value)} is not a list of strings");
}
