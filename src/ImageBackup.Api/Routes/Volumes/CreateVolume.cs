using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Core.Access;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary>POST /v3/{project_id}/volumes</summary>
internal static class CreateVolume
{
    /// <summary>The new volume: empty, or a copy of an image's boot volume or of another volume.</summary>
    [Envelope("volume")]
    [BodyExample("An empty volume", """{"volume": {"name": "data", "size": 1, "volume_type": "local base template"}}""")]
    internal sealed record CreateVolumeRequest
    {
        private const int MaxGiB = 65_536; // 64 TiB

        /// <summary>The size in GiB. Default: the size of the source.</summary>
        /// <example>1</example>
        [Range(1, MaxGiB)]
        public int? Size { get; init; }

        /// <summary>The id of an image whose boot volume is copied.</summary>
        /// <example>9c219888-1ab0-429e-9282-7cbc6957c839</example>
        [JsonPropertyName("imageRef")]
        [StringLength(255, MinimumLength = 1)]
        public string? ImageRef { get; init; }

        /// <summary>The id of a volume that is copied. It cannot be combined with imageRef.</summary>
        /// <example>283332d7-a5e4-4df8-9480-08fbae18875b</example>
        [StringLength(255, MinimumLength = 1)]
        public string? SourceVolid { get; init; }

        /// <summary>The storage template, by id or name. Default: the default template.</summary>
        /// <example>local base template</example>
        [StringLength(255, MinimumLength = 1)]
        public string? VolumeType { get; init; }

        /// <summary>The display name.</summary>
        /// <example>data</example>
        [StringLength(255)]
        public string? Name { get; init; }

        /// <summary>The older spelling of name. It counts if name is left out.</summary>
        /// <example>data</example>
        [StringLength(255)]
        public string? DisplayName { get; init; }

        /// <summary>The description.</summary>
        /// <example>the second disk</example>
        [StringLength(255)]
        public string? Description { get; init; }

        /// <summary>The older spelling of description. It counts if description is left out.</summary>
        /// <example>the second disk</example>
        [StringLength(255)]
        public string? DisplayDescription { get; init; }

        /// <summary>The owner's own keys and values, each up to 255 characters.</summary>
        public IReadOnlyDictionary<string, string>? Metadata { get; init; }

        /// <summary>Accepted and ignored: there is one zone.</summary>
        /// <example>nova</example>
        [StringLength(255)]
        public string? AvailabilityZone { get; init; }

        /// <summary>Accepted and ignored: volumes are not attached.</summary>
        /// <example>false</example>
        public bool? Multiattach { get; init; }

        /// <summary>Accepted and ignored: the token decides.</summary>
        [StringLength(255)]
        public string? UserId { get; init; }

        /// <summary>Accepted and ignored: the path decides.</summary>
        [StringLength(255)]
        public string? ProjectId { get; init; }

        /// <summary>Accepted and ignored: the service sets the status.</summary>
        [StringLength(255)]
        public string? Status { get; init; }

        /// <summary>Accepted and ignored: volumes are not attached.</summary>
        [StringLength(255)]
        public string? AttachStatus { get; init; }

        /// <summary>Only null is accepted: there are no snapshots.</summary>
        public string? SnapshotId { get; init; }

        /// <summary>Only null is accepted: there are no backups of single volumes.</summary>
        public string? BackupId { get; init; }

        /// <summary>Only null is accepted: there are no consistency groups.</summary>
        public string? ConsistencygroupId { get; init; }

        /// <summary>Only null is accepted: there are no volume groups.</summary>
        public string? GroupId { get; init; }
    }

    public static async Task<Accepted<Enveloped<VolumeResponse>>> HandleAsync(
        HttpContext context, Body<CreateVolumeRequest> body, VolumeStore volumes, VolumeTypeStore types, ImageStore images, CancellationToken cancellationToken)
    {
        var caller = context.Caller();
        var request = Check(body.Value);
        var type = await types.ResolveAsync(request.VolumeType, cancellationToken);
        var wanted = new NewVolume
        {
            SizeGiB = request.Size,
            VolumeTypeId = type.Id,
            Source = await FindSourceAsync(caller, request, volumes, images, cancellationToken),
            ImageId = request.ImageRef,
            Name = request.Name ?? request.DisplayName,
            Description = request.Description ?? request.DisplayDescription,
            Metadata = new Dictionary<string, string>(request.Metadata ?? new Dictionary<string, string>()),
        };
        var volume = await volumes.CreateAsync(caller, wanted, cancellationToken);
        return Enveloped.Accepted(VolumeResponse.Of(context, volume, new Dictionary<string, string> { [type.Id] = type.Name }));
    }

    private static CreateVolumeRequest Check(CreateVolumeRequest request)
    {
        RefuseValue("snapshot_id", request.SnapshotId);
        RefuseValue("backup_id", request.BackupId);
        RefuseValue("consistencygroup_id", request.ConsistencygroupId);
        RefuseValue("group_id", request.GroupId);
        return request is { ImageRef: not null, SourceVolid: not null }
            ? throw new InvalidRequestException("Invalid input received: Only one of imageRef and source_volid can be specified.")
            : request;
    }

    private static void RefuseValue(string name, string? value)
    {
        if (value is not null)
        {
            throw InvalidField.Create(name, value, "It is not supported. Leave it out or send null.");
        }
    }

    private static async Task<VolumeRecord?> FindSourceAsync(
        Caller caller, CreateVolumeRequest request, VolumeStore volumes, ImageStore images, CancellationToken cancellationToken)
    {
        if (request.SourceVolid is { } volumeId)
        {
            return await volumes.GetAsync(caller, volumeId, cancellationToken);
        }

        if (request.ImageRef is not { } imageId)
        {
            return null;
        }

        var image = await images.GetVisibleAsync(caller, imageId, cancellationToken);
        if (image.Status != ImageStatus.Active || ImageVolumes.Parse(image) is not [var boot, ..])
        {
            throw new InvalidRequestException($"Invalid input received: Image {imageId} has no data: it is {image.Status}.");
        }

        // Another project may own the volume of a public image. A caller who sees the image may copy it.
        return await volumes.FindAsync(boot.VolumeId, cancellationToken)
            ?? throw new InvalidRequestException($"Invalid input received: Volume {boot.VolumeId} of image {imageId} is missing.");
    }
}
