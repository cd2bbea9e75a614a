using ImageBackup.Api.Http;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Api.Routes.Images;

/// <summary>An image as Glance shows it: its further properties stand beside the base ones.</summary>
internal static class ImageView
{
    public static Dictionary<string, object?> Of(ImageRecord image)
    {
        var view = new Dictionary<string, object?>();
        foreach (var (name, value) in image.Properties)
        {
            view[name] = value;
        }

        view["id"] = image.Id;
        view["name"] = image.Name;
        view["status"] = image.Status;
        view["visibility"] = image.Visibility;
        view["owner"] = image.Owner;
        view["size"] = image.Size;
        view["virtual_size"] = image.Size;
        view["checksum"] = image.Checksum;
        view["os_hash_algo"] = image.OsHashValue is null ? null : "sha512";
        view["os_hash_value"] = image.OsHashValue;
        view["os_hidden"] = image.IsHidden;
        view["protected"] = image.IsProtected;
        view["disk_format"] = image.DiskFormat;
        view["container_format"] = image.ContainerFormat;
        view["min_disk"] = image.MinDisk;
        view["min_ram"] = image.MinRam;
        view["tags"] = image.Tags;
        view["created_at"] = ApiJson.GlanceTime(image.CreatedAt);
        view["updated_at"] = ApiJson.GlanceTime(image.UpdatedAt);
        view["self"] = $"/v2/images/{image.Id}";
        view["file"] = $"/v2/images/{image.Id}/file";
        view["schema"] = "/v2/schemas/image";
        if (image.BlockDeviceMapping is not null)
        {
            view["block_device_mapping"] = image.BlockDeviceMapping;
        }

        return view;
    }
}
