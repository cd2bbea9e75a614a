using ImageBackup.Api.Auth;
using Microsoft.AspNetCore.Mvc;

namespace ImageBackup.Api.Routes.Images;

/// <summary>Glance's <c>/v2</c>: no project in the path.</summary>
internal static class ImageEndpoints
{
    public static void MapImages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v2", ImageVersions.Handle).AllowAnonymous().WithSummary("Version discovery of the image API (300)").WithTags("Versions");
        app.MapGet("/versions", ImageVersions.Handle).AllowAnonymous().WithSummary("Version discovery of the image API (300)").WithTags("Versions");

        var images = app.MapGroup("/v2/images").WithTags("Images");
        images.MapPost("", CreateImage.HandleAsync).RequiresRole(Role.Member).WithSummary("Create an image, or register one made of volumes");
        images.MapGet("", ListImages.HandleAsync).RequiresRole(Role.Reader).WithSummary("List images");
        images.MapGet("/{id}", ShowImage.HandleAsync).RequiresRole(Role.Reader).WithSummary("Show an image");
        images.MapPatch("/{id}", UpdateImage.HandleAsync).RequiresRole(Role.Member).WithSummary("Change an image by a JSON patch");
        images.MapDelete("/{id}", DeleteImage.HandleAsync).RequiresRole(Role.Member).WithSummary("Delete an image and its own volumes");
        images.MapPut("/{id}/file", UploadImageFile.HandleAsync).RequiresRole(Role.Member).DisableRequestTimeout().WithMetadata(new DisableRequestSizeLimitAttribute())
            .WithSummary("Upload the image's file; it becomes the boot volume");
        images.MapGet("/{id}/file", DownloadImageFile.HandleAsync).RequiresRole(Role.Reader).DisableRequestTimeout().WithSummary("Download the boot volume's bytes");
        images.MapPut("/{id}/tags/{tag}", ImageTags.AddAsync).RequiresRole(Role.Member).WithSummary("Add a tag");
        images.MapDelete("/{id}/tags/{tag}", ImageTags.RemoveAsync).RequiresRole(Role.Member).WithSummary("Remove a tag");
        images.MapGet("/{id}/members", ListImageMembers.HandleAsync).RequiresRole(Role.Reader).WithSummary("List the projects an image is shared with: none");

        var schemas = app.MapGroup("/v2/schemas").WithTags("Image schemas");
        schemas.MapGet("/image", ImageSchemas.Image).RequiresRole(Role.Reader).WithSummary("JSON schema of an image");
        schemas.MapGet("/images", ImageSchemas.Images).RequiresRole(Role.Reader).WithSummary("JSON schema of a list of images");
        schemas.MapGet("/member", ImageSchemas.Member).RequiresRole(Role.Reader).WithSummary("JSON schema of a member");
        schemas.MapGet("/members", ImageSchemas.Members).RequiresRole(Role.Reader).WithSummary("JSON schema of a list of members");
    }
}
