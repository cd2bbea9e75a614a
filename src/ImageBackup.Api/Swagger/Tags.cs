using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ImageBackup.Api.Swagger;

/// <summary>The chapters of the document in the order in which one reads them; those whose routes are not served are left out.</summary>
internal sealed class Tags : IDocumentFilter
{
    private static readonly (string Name, string Description)[] Chapters =
    [
        ("Image backups", "Export and import of images, and the archives that come of it: PowerVC's image-backup API."),
        ("Backup nodes", "Where archives lie: PowerVC's backup nodes."),
        ("Cloud Object Storage", "Where archives are sent to: PowerVC's registered buckets."),
        ("Images", "What is exported and what an import makes: Glance's image API."),
        ("Image schemas", "What Glance's clients read before they show an image."),
        ("Volumes", "The disks of images: Cinder's volumes."),
        ("Storage templates", "What new volumes are made by: Cinder's volume types."),
        ("Identity", "Log-in and projects, with Auth:Mode Embedded: Keystone's API."),
        ("Versions", "Which APIs there are, for clients that ask first."),
        ("Health", "Whether the service is well, and numbers of its work."),
        ("Emulator", "Faults on demand for tests, with Emulator:Enabled."),
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
