using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Catalog;

/// <summary>What PowerVC's images of volumes have in common.</summary>
internal static class VolumeBackedImage
{
    /// <summary>The MD5 of no bytes. PowerVC's clients upload an empty file to an image of volumes.</summary>
    public const string EmptyMd5 = "d41d8cd98f00b204e9800998ecf8427e";

    /// <summary>The SHA-512 of no bytes.</summary>
    public const string EmptySha512 =
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e";

    /// <summary>The properties of every such image, unless its creator gives others (IBM's page <i>Create image API</i>).</summary>
    public static readonly IReadOnlyDictionary<string, string> Properties = new Dictionary<string, string>
    {
        ["bdm_v2"] = "True",
        ["root_device_name"] = "/dev/sda",
    };

    /// <summary>Returns whether an empty file was uploaded to the image.</summary>
    public static bool HasEmptyFile(ImageRecord image) => image is { Size: 0, Checksum: EmptyMd5 };

    /// <summary>Adds the properties that the image lacks.</summary>
    public static void Complete(ImageRecord image)
        => image.Properties = Properties.Concat(image.Properties).GroupBy(property => property.Key).ToDictionary(group => group.Key, group => group.Last().Value);
}
