using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Access;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Images;

/// <summary>POST /v2/images</summary>
internal static class CreateImage
{
    /// <summary>The new image. Further properties are stored as they are sent, as text.</summary>
    [BodyExample("An image whose file follows", """
        {"id": "5a8c1f0e-6d0b-4a43-9c0e-2f6d3b1c7e10", "name": "small", "disk_format": "raw", "container_format": "bare", "os_distro": "rhel",
          "architecture": "ppc64le"}
        """)]
    internal sealed record CreateImageRequest
    {
        /// <summary>The id, a UUID. Default: a generated id.</summary>
        /// <example>5a8c1f0e-6d0b-4a43-9c0e-2f6d3b1c7e10</example>
        [StringLength(255, MinimumLength = 1)]
        public string? Id { get; init; }

        /// <summary>The id of the project that owns the image. Default: the token's project. Another project requires the role admin.</summary>
        /// <example>40a58846608e4e908c43b547d4dfb58c</example>
        [StringLength(255, MinimumLength = 1)]
        public string? Owner { get; init; }

        /// <summary>The name.</summary>
        /// <example>small</example>
        [KeepSpaces]
        [StringLength(255)]
        public string? Name { get; init; }

        /// <summary>Who sees the image. Default: shared.</summary>
        /// <example>private</example>
        [AllowedWords(typeof(ImageVisibility))]
        public string? Visibility { get; init; }

        /// <summary>Whether the image cannot be deleted.</summary>
        /// <example>false</example>
        public bool? Protected { get; init; }

        /// <summary>Whether lists leave the image out.</summary>
        /// <example>false</example>
        public bool? OsHidden { get; init; }

        /// <summary>The disk space in GiB that the image needs to boot.</summary>
        /// <example>0</example>
        [Range(0, int.MaxValue)]
        public int? MinDisk { get; init; }

        /// <summary>The memory in MiB that the image needs to boot.</summary>
        /// <example>0</example>
        [Range(0, int.MaxValue)]
        public int? MinRam { get; init; }

        /// <summary>Tags to find the image by.</summary>
        public IReadOnlyList<string>? Tags { get; init; }

        /// <summary>The format of the disk in the file that follows. The file is refused if it has another format. After the upload the format is raw: the volume has the disk's bytes. Default: the format that the file's bytes tell.</summary>
        /// <example>raw</example>
        [AllowedWords("raw", "qcow2", "vmdk", "vhd", "vhdx", "vdi", Hint = "qemu-img convert -O raw converts other formats")]
        public string? DiskFormat { get; init; }

        /// <summary>Whether the file is a raw disk even if its bytes look like another format or like compressed data. Such a file is otherwise refused.</summary>
        /// <example>false</example>
        public bool? ForceRaw { get; init; }

        /// <summary>The format around the disk.</summary>
        /// <example>bare</example>
        [AllowedWords("bare", Hint = "the file must be the disk itself")]
        public string? ContainerFormat { get; init; }

        /// <summary>PowerVC's word for the operating system.</summary>
        /// <example>rhel</example>
        [KeepSpaces]
        [StringLength(ImageFields.MaxValueLength)]
        public string? OsDistro { get; init; }

        /// <summary>The architecture: ppc64 or ppc64le. The image shows ppc64le as ppc64 with the endianness little-endian, as PowerVC does.</summary>
        /// <example>ppc64le</example>
        [KeepSpaces]
        [StringLength(ImageFields.MaxValueLength)]
        public string? Architecture { get; init; }

        /// <summary>The byte order of ppc64: big-endian or little-endian.</summary>
        /// <example>little-endian</example>
        [KeepSpaces]
        [StringLength(ImageFields.MaxValueLength)]
        public string? Endianness { get; init; }

        /// <summary>The image's volumes, as a JSON list or as its text. The image is then active at once. Without volumes, upload a file to the image.</summary>
        /// <example>[{"boot_index":0,"source_type":"volume","destination_type":"volume","volume_id":"283332d7-a5e4-4df8-9480-08fbae18875b"}]</example>
        public JsonElement? BlockDeviceMapping { get; init; }

        /// <summary>Further properties.</summary>
        [JsonExtensionData]
        public Dictionary<string, JsonElement>? Properties { get; init; }
    }

    public static async Task<Created<ImageResponse>> HandleAsync(
        HttpContext context, Body<CreateImageRequest> body, ImageStore images, TimeProvider time, CancellationToken cancellationToken)
    {
        var image = await images.CreateAsync(context.Caller(), Parse(body, context.Caller(), time.GetUtcNow().UtcDateTime), cancellationToken);
        return TypedResults.Created($"{context.ServiceUrl()}/v2/images/{image.Id}", ImageResponse.Of(image));
    }

    private static ImageRecord Parse(Body<CreateImageRequest> body, Caller caller, DateTime now)
    {
        var image = new ImageRecord
        {
            Id = Id(body.Value.Id),
            Owner = body.Value.Owner ?? caller.ProjectId,
            Status = ImageStatus.Queued,
            Visibility = ImageVisibility.Shared,
            CreatedAt = now,
            UpdatedAt = now,
        };
        foreach (var property in body.Json.EnumerateObject().Where(property => property.Name is not ("id" or "owner")))
        {
            ImageFields.Set(image, property.Name, property.Value);
        }

        CheckEndianness(body.Value);
        if (image.BlockDeviceMapping is not null)
        {
            image.DiskFormat ??= "raw";
            image.ContainerFormat ??= "bare";
        }

        return image;
    }

    private static void CheckEndianness(CreateImageRequest request)
    {
        if (request.Architecture == ImageArchitecture.LittleWord && request.Endianness is not (null or ImageArchitecture.Little))
        {
            throw InvalidField.Create(
                ImageArchitecture.Endianness, request.Endianness, $"architecture '{ImageArchitecture.LittleWord}' is {ImageArchitecture.Little}. Give that, or the architecture ppc64.");
        }
    }

    private static string Id(string? wanted)
    {
        if (wanted is null)
        {
            return Guid.NewGuid().ToString();
        }

        return Guid.TryParseExact(wanted, "D", out var id)
            ? id.ToString()
            : throw InvalidField.Create("id", wanted, "It is not a UUID such as 9c219888-1ab0-429e-9282-7cbc6957c839");
    }
}
