using ImageBackup.Api.Auth;
using ImageBackup.Api.Http;
using Microsoft.AspNetCore.Mvc;

namespace ImageBackup.Api.Routes.Images;

/// <summary>The routes of Glance's image API. Their paths have no project.</summary>
internal static class ImageEndpoints
{
    private const string Bytes = "application/octet-stream";
    private const string DemoImage = "9c219888-1ab0-429e-9282-7cbc6957c839";

    /// <summary>The id of the image that the example of <c>POST /v2/images</c> creates.</summary>
    private const string NewImage = "5a8c1f0e-6d0b-4a43-9c0e-2f6d3b1c7e10";

    public static void MapImages(this IEndpointRouteBuilder app)
    {
        foreach (var path in (string[])["/v2", "/versions"])
        {
            app.MapGet(path, ImageVersions.Handle).AllowAnonymous().WithResponse(300, typeof(ImageVersions.ImageVersionsResponse))
                .WithSummary("List the versions of the image API").WithTags("Versions");
        }

        var images = app.MapGroup("/v2/images").WithTags("Images").WithExampleId(DemoImage);
        images.MapPost("", CreateImage.HandleAsync).RequiresRole(Role.Member).WithSummary("Create an image; its volumes or a file may follow");
        images.MapGet("", ListImages.HandleAsync).RequiresRole(Role.Reader).WithParameters(RouteParameter.List).WithSummary("List images");
        images.MapGet("/{id}", ShowImage.HandleAsync).RequiresRole(Role.Reader).WithSummary("Show an image");
        images.MapPatch("/{id}", UpdateImage.HandleAsync).RequiresRole(Role.Member).WithExampleId(NewImage)
            .WithMetadata(new RequestBody(typeof(UpdateImage.PatchOperationRequest[])) { MediaType = UpdateImage.MediaTypes[0] })
            .WithSummary("Change an image by a JSON patch");
        images.MapDelete("/{id}", DeleteImage.HandleAsync).RequiresRole(Role.Member).WithExampleId(NewImage).WithSummary("Delete an image and the volumes that belong to it");
        images.MapPut("/{id}/file", UploadImageFile.HandleAsync).RequiresRole(Role.Member).DisableRequestTimeout().WithMetadata(new DisableRequestSizeLimitAttribute())
            .WithMetadata(new RequestBody(typeof(Stream)) { MediaType = Bytes }).WithParameters(UploadImageFile.Parameter).WithExampleId(NewImage).WithError(413)
            .WithSummary("Upload the file of an image; it becomes the boot volume");
        images.MapGet("/{id}/file", DownloadImageFile.HandleAsync).RequiresRole(Role.Reader).DisableRequestTimeout()
            .WithResponse(200, typeof(Stream), null, Bytes)
            .WithResponse(204, null, "The image has no file yet.")
            .WithResponse(206, typeof(Stream), "The requested range.", Bytes)
            .WithResponse(416, null, "The file has no byte of the requested range.")
            .WithSummary("Download the bytes of the boot volume");
        images.MapPut("/{id}/tags/{tag}", ImageTags.AddAsync).RequiresRole(Role.Member).WithExampleId(NewImage).WithSummary("Add a tag to an image");
        images.MapDelete("/{id}/tags/{tag}", ImageTags.RemoveAsync).RequiresRole(Role.Member).WithExampleId(NewImage).WithSummary("Remove a tag from an image");
        images.MapGet("/{id}/members", ListImageMembers.HandleAsync).RequiresRole(Role.Reader).WithSummary("List the projects that an image is shared with: none");

        var schemas = app.MapGroup("/v2/schemas").WithTags("Image schemas");
        schemas.MapGet("/image", ImageSchemas.Image).RequiresRole(Role.Reader).WithSummary("Show the JSON schema of an image");
        schemas.MapGet("/images", ImageSchemas.Images).RequiresRole(Role.Reader).WithSummary("Show the JSON schema of a list of images");
        schemas.MapGet("/member", ImageSchemas.Member).RequiresRole(Role.Reader).WithSummary("Show the JSON schema of an image member");
        schemas.MapGet("/members", ImageSchemas.Members).RequiresRole(Role.Reader).WithSummary("Show the JSON schema of a list of image members");
    }
}
