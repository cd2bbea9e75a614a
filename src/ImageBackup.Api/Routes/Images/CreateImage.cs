using System.Text.Json;
using ImageBackup.Api.Http;
using ImageBackup.Core.Access;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Images;

/// <summary><c>POST /v2/images</c>: queued for its file, or active at once where <c>block_device_mapping</c> names its volumes.</summary>
internal static class CreateImage
{
    public static async Task<JsonHttpResult<Dictionary<string, object?>>> HandleAsync(
        HttpContext context, ImageStore images, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync(context, ["application/json"], cancellationToken);
        var image = await images.CreateAsync(context.Caller(), Parse(body, context.Caller(), time.GetUtcNow().UtcDateTime), cancellationToken);
        context.Response.Headers.Location = $"{context.ServiceUrl()}/v2/images/{image.Id}";
        return TypedResults.Json(ImageView.Of(image), statusCode: StatusCodes.Status201Created);
    }

    private static ImageRecord Parse(JsonElement body, Caller caller, DateTime now)
    {
        var fields = BodyFields.Of(body);
        var image = new ImageRecord
        {
            Id = Id(fields.OptionalString("id", 1)),
            Owner = fields.OptionalString("owner", 1) ?? caller.ProjectId,
            Status = ImageStatus.Queued,
            Visibility = "shared",
            CreatedAt = now,
            UpdatedAt = now,
        };
        foreach (var property in body.EnumerateObject().Where(property => property.Name is not ("id" or "owner")))
        {
            ImageFields.Set(image, property.Name, property.Value);
        }

        if (image.BlockDeviceMapping is not null)
        {
            image.DiskFormat ??= "raw";
            image.ContainerFormat ??= "bare";
        }

        return image;
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
