using ImageBackup.Api.Http;
using ImageBackup.Core.Access;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Volumes;

/// <summary><c>POST /v3/{project_id}/volumes</c>: empty, or with the bytes of an image's boot volume or of another volume.</summary>
internal static class CreateVolume
{
    // 64 TiB.
    private const long MaxGiB = 65_536;

    // Clients send these as null; what they ask for otherwise does not exist here.
    private static readonly string[] NotOffered = ["snapshot_id", "backup_id", "consistencygroup_id", "group_id"];

    private sealed record Request(
        long? Size, string? ImageRef, string? SourceVolid, string? VolumeType, string? Name, string? Description, Dictionary<string, string> Metadata);

    public static async Task<JsonHttpResult<ShowVolume.Response>> HandleAsync(
        HttpContext context, VolumeStore volumes, VolumeTypeStore types, ImageStore images, CancellationToken cancellationToken)
    {
        var caller = context.Caller();
        var request = Parse(await BodyFields.ReadAsync(context, "volume", cancellationToken));
        var type = await types.ResolveAsync(request.VolumeType, cancellationToken);
        var wanted = new NewVolume
        {
            SizeGiB = request.Size,
            VolumeTypeId = type.Id,
            Source = await FindSourceAsync(caller, request, volumes, images, cancellationToken),
            ImageId = request.ImageRef,
            Name = request.Name,
            Description = request.Description,
            Metadata = request.Metadata,
        };
        var volume = await volumes.CreateAsync(caller, wanted, cancellationToken);
        return TypedResults.Json(
            new ShowVolume.Response(VolumeView.Full(context, volume, new Dictionary<string, string> { [type.Id] = type.Name })),
            statusCode: StatusCodes.Status202Accepted);
    }

    private static Request Parse(BodyFields body)
    {
        var request = new Request(
            body.OptionalInteger("size", 1, MaxGiB),
            body.OptionalString("imageRef", 1),
            body.OptionalString("source_volid", 1),
            body.OptionalString("volume_type", 1),
            body.OptionalString("name") ?? body.OptionalString("display_name"),
            body.OptionalString("description") ?? body.OptionalString("display_description"),
            body.StringMap("metadata"));
        foreach (var name in NotOffered)
        {
            if (body.Find(name) is { } value)
            {
                throw InvalidField.Create(name, value, "It is not offered here; leave it out or null.");
            }
        }

        // There is one zone, and nothing is attached here: both are taken and mean nothing.
        _ = body.OptionalString("availability_zone");
        _ = body.OptionalBoolean("multiattach");
        _ = body.OptionalString("user_id");
        _ = body.OptionalString("project_id");
        _ = body.OptionalString("status");
        _ = body.OptionalString("attach_status");
        body.RefuseUnknown();
        return request is { ImageRef: not null, SourceVolid: not null }
            ? throw new InvalidRequestException("Invalid input received: Only one of imageRef and source_volid can be specified.")
            : request;
    }

    private static async Task<VolumeRecord?> FindSourceAsync(
        Caller caller, Request request, VolumeStore volumes, ImageStore images, CancellationToken cancellationToken)
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

        // The image may be public and its volume another project's: seeing the image is enough.
        return await volumes.FindAsync(boot.VolumeId, cancellationToken)
            ?? throw new InvalidRequestException($"Invalid input received: Volume {boot.VolumeId} of image {imageId} is missing.");
    }
}
