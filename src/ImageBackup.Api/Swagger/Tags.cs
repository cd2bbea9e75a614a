using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ImageBackup.Api.Swagger;

/// <summary>Describes the tags of the document in reading order. Tags without routes are left out.</summary>
internal sealed class Tags : IDocumentFilter
{
    private static readonly (string Name, string Description)[] Chapters =
    [
        ("Image backups", "Export and import of images, and the archives between them: PowerVC's image-backup API."),
        ("Backup nodes", "The nodes that store archives: PowerVC's backup nodes."),
        ("Cloud Object Storage", "The buckets that archives are uploaded to: PowerVC's registered buckets."),
        ("Images", "The images to export, and the images that imports create: Glance's image API."),
        ("Image schemas", "JSON schemas that Glance's clients read before they show an image."),
        ("Volumes", "The disks of images: Cinder's volumes."),
        ("Storage templates", "The templates for new volumes: Cinder's volume types."),
        ("Quotas", "What a project may have, and what it has: Cinder's quotas and limits."),
        ("Services", "The processes that run operations: Cinder's services."),
        ("Identity", "Log-in, users and projects, with Auth:Mode Embedded: Keystone's API."),
        ("Versions", "The available versions of each API."),
        ("Health", "Health of the service, and metrics."),
        ("Emulator", "Seeds, injected faults, snapshots, the clock and the received requests for tests, with Emulator:Enabled."),
    ];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var used = context.ApiDescriptions.SelectMany(route => route.ActionDescriptor.EndpointMetadata.OfType<Microsoft.AspNetCore.Http.Metadata.ITagsMetadata>())
            .SelectMany(tags => tags.Tags).ToHashSet(StringComparer.Ordinal);
        swaggerDoc.Tags = new SortedSet<OpenApiTag>(
            Chapters.Where(chapter => used.Contains(chapter.Name)).Select(chapter => new OpenApiTag { Name = chapter.Name, Description = chapter.Description }),
            Comparer<OpenApiTag>.Create((one, other) => Place(one).CompareTo(Place(other))));
    }

    private static int Place(OpenApiTag tag) => Array.FindIndex(Chapters, chapter => chapter.Name == tag.Name);
}
