using ImageBackup.Api.Routes.Service;
using ImageBackup.Core.Settings;

namespace ImageBackup.Api.Swagger;

/// <summary>The notes by method and path.</summary>
internal static class RouteNotes
{
    private const string Text = "text/plain";
    private const string Bytes = "application/octet-stream";

    private static readonly ParameterNote[] Page =
    [
        new("limit", "integer", "Most items of the answer, at most 1000.", "100"),
        new("marker", "string", "The last item of the page before; the next page's whole address stands in the answer."),
        new("offset", "integer", "Items to leave out."),
    ];

    private static readonly ParameterNote[] Paging =
    [
        .. Page,
        new("sort", "string", "key[:asc|desc], several parted by commas; desc where nothing is said.", "created_at:desc"),
        new("with_count", "boolean", "Whether the answer counts all items."),
        new("name", "string", "Only items of this name."),
    ];

    private static readonly ParameterNote[] BackupFilters =
    [
        .. Paging,
        new("name~", "string", "Only image backups whose name contains this."),
        new("status", "string", "Only image backups in this status, such as available."),
        new("backup_host", "string", "Only image backups on this node."),
        new("src_image_id", "string", "Only exports of this image."),
    ];

    private static readonly ParameterNote[] VolumeFilters =
        [.. Paging, new("status", "string", "Only volumes in this status, such as available."), new("bootable", "boolean", "Only volumes that an image boots from.")];

    private static readonly ParameterNote[] Progress =
    [
        new("action", "string", "export, import, upload, download or verify.", "export", Required: true),
        new("task_id", "string", "From the task_uri that started the operation.", "6f09caf1-0468-4101-9c4d-34d0b0690s89", Required: true),
        new("backup_id", "integer", "The image backup.", "1", Required: true),
        new("details", "boolean", "Adds bytes, rate, time left, times and reason of each task."),
    ];

    private static readonly ParameterNote[] Once =
        [new("Idempotency-Key", "string", "The same key and body within a day answer the first one's 201 again; another body is 400.", IsHeader: true)];

    private static readonly ParameterNote[] Bucket = [new("cos_bucket", "string", "The bucket; may stand in the body instead.", "cos-default")];
    private static readonly ParameterNote[] Host = [new("backup_host", "string", "The node; may stand in the body instead.", "local")];
    private static readonly ParameterNote[] Force = [new("force", "boolean", "Also in a transient state: the running work is stopped first. Asks for the role admin.")];
    private static readonly ParameterNote[] Subject = [new("X-Subject-Token", "string", "The token that is meant.", "the token", Required: true, IsHeader: true)];
    private static readonly ParameterNote NoCatalog = new("nocatalog", "string", "Given, with any value: the answer leaves the catalogue out.");
    private static readonly ParameterNote[] ImageSize = [new("x-openstack-image-size", "integer", "Bytes of the file, checked where it is given.", IsHeader: true)];

    private static readonly RouteNote Nodes = new() { Answer = typeof(NodeListAnswer), Parameters = Paging };
    private static readonly RouteNote Buckets = new() { Answer = typeof(CosListAnswer), Parameters = Paging };
    private static readonly RouteNote NewImage = new() { Id = BodyExamples.NewImageId };
    private static readonly RouteNote Schema = new() { Answer = typeof(SchemaAnswer) };
    private static readonly RouteNote User = new() { Id = IdentityAnswerFields.DemoUserId };

    private static readonly Dictionary<string, RouteNote> Notes = new(StringComparer.Ordinal)
    {
        ["POST image-backups/export_image"] = new() { Body = typeof(ExportDocument), Success = 201, Examples = BodyExamples.Export, Parameters = Once },
        ["POST image-backups/import_image"] = new() { Body = typeof(ImportDocument), Success = 201, Examples = BodyExamples.Import, Parameters = Once },
        ["GET image-backups/get_progress"] = new() { Answer = typeof(Routes.ImageBackups.ProgressResponse), AnswerTypes = [RouteNote.Json, "text/event-stream"], Parameters = Progress },
        ["GET image-backups"] = new() { Answer = typeof(BackupSummaryListAnswer), Parameters = BackupFilters },
        ["GET image-backups/detail"] = new() { Answer = typeof(BackupListAnswer), Parameters = BackupFilters },
        ["PUT image-backups/{id}"] = new() { Body = typeof(BackupChangeDocument), Examples = BodyExamples.BackupChange },
        ["DELETE image-backups/{id}"] = new() { Success = 202, Parameters = Force },
        ["PUT image-backups/{id}/reset_status"] = new() { Body = typeof(ResetDocument), Success = 202, Examples = BodyExamples.Reset },
        ["GET image-backups/{id}/upload"] = new() { Success = 202, Parameters = Bucket },
        ["POST image-backups/{id}/upload"] = new() { Body = typeof(BucketDocument), IsBodyOptional = true, Success = 202, Examples = BodyExamples.Bucket, Parameters = Bucket },
        ["GET image-backups/{id}/download"] = new() { Success = 202, Parameters = Host },
        ["POST image-backups/{id}/download"] = new() { Body = typeof(HostDocument), IsBodyOptional = true, Success = 202, Examples = BodyExamples.Host, Parameters = Host },
        ["POST image-backups/{id}/verify"] = new() { Success = 202 },

        ["GET backup-nodes"] = Nodes,
        ["GET backup-nodes/detail"] = Nodes,
        ["POST backup-nodes"] = new() { Body = typeof(NodeDocument), Success = 201, Examples = BodyExamples.Node },
        ["PUT backup-nodes/{id}"] = new() { Id = "2", Body = typeof(NodeChangeDocument), Examples = BodyExamples.NodeChange },
        ["DELETE backup-nodes/{id}"] = new() { Id = "2", Success = 204 },

        ["GET cos"] = Buckets,
        ["GET cos/detail"] = Buckets,
        ["POST cos"] = new() { Body = typeof(CosDocument), Success = 201, Examples = BodyExamples.Cos },
        ["PUT cos/{id}"] = new() { Body = typeof(CosChangeDocument), Examples = BodyExamples.CosChange },
        ["DELETE cos/{id}"] = new() { Success = 204 },
        ["GET cos/{id}/list_images"] = new() { Answer = typeof(CosImageListAnswer), Parameters = Page },

        ["GET types"] = new() { Answer = typeof(VolumeTypeListAnswer), Parameters = Page },
        ["GET types/{id}"] = new() { Id = BodyExamples.ImageId },
        ["GET volumes"] = new() { Answer = typeof(VolumeSummaryListAnswer), Parameters = VolumeFilters },
        ["GET volumes/detail"] = new() { Answer = typeof(VolumeListAnswer), Parameters = VolumeFilters },
        ["GET volumes/{id}"] = new() { Id = VolumeAnswerFields.IdExample, Answer = typeof(VolumeAnswer) },
        ["POST volumes"] = new() { Body = typeof(VolumeDocument), Success = 202, Answer = typeof(VolumeAnswer), Examples = BodyExamples.Volume },
        ["DELETE volumes/{id}"] = new() { Id = VolumeAnswerFields.IdExample, Success = 202 },

        ["GET /v2/images"] = new() { Answer = typeof(ImageListAnswer), Parameters = Paging },
        ["POST /v2/images"] = new() { Body = typeof(ImageDocument), Success = 201, Answer = typeof(ImageAnswer), Examples = BodyExamples.Image },
        ["GET /v2/images/{id}"] = new() { Id = BodyExamples.ImageId, Answer = typeof(ImageAnswer) },
        ["PATCH /v2/images/{id}"] = NewImage with { Body = typeof(PatchStep[]), MediaType = "application/openstack-images-v2.1-json-patch", Answer = typeof(ImageAnswer), Examples = BodyExamples.ImageChange },
        ["DELETE /v2/images/{id}"] = NewImage with { Success = 204 },
        ["PUT /v2/images/{id}/file"] = NewImage with { Body = typeof(Stream), MediaType = Bytes, Success = 204, Parameters = ImageSize },
        ["GET /v2/images/{id}/file"] = new()
        {
            Id = BodyExamples.ImageId,
            Answer = typeof(Stream),
            AnswerTypes = [Bytes],
            Others = [new(204, "The image has no file yet."), new(206, "The range that was asked for.", typeof(Stream)), new(416, "No part of the file lies in the range.")],
        },
        ["PUT /v2/images/{id}/tags/{tag}"] = NewImage with { Success = 204 },
        ["DELETE /v2/images/{id}/tags/{tag}"] = NewImage with { Success = 204 },
        ["GET /v2/images/{id}/members"] = new() { Id = BodyExamples.ImageId, Answer = typeof(ImageMembersAnswer) },
        ["GET /v2/schemas/image"] = Schema,
        ["GET /v2/schemas/images"] = Schema,
        ["GET /v2/schemas/member"] = Schema,
        ["GET /v2/schemas/members"] = Schema,

        ["GET /"] = new() { Success = 300, Answer = typeof(VersionDocuments.VersionList), Others = [new(302, "To the web page, for a browser.")] },
        ["GET /v2"] = new() { Success = 300 },
        ["GET /versions"] = new() { Success = 300 },
        ["GET /healthcheck"] = new() { Answer = typeof(HealthAnswer), AnswerTypes = [RouteNote.Json, Text] },
        ["GET /healthcheck/ready"] = new() { Answer = typeof(ReadinessAnswer), Others = [new(503, "Something of it is not there.", typeof(ReadinessAnswer))] },
        ["GET /metrics"] = new() { Answer = typeof(string), AnswerTypes = [Text] },

        ["GET /identity"] = new() { Success = 300, Answer = typeof(IdentityVersionsAnswer) },
        ["GET /identity/v3"] = new() { Answer = typeof(IdentityVersionAnswer) },
        ["POST /identity/v3/auth/tokens"] = new() { Body = typeof(AuthDocument), Success = 201, Answer = typeof(TokenAnswer), Examples = BodyExamples.LogIn, Parameters = [NoCatalog], AnswersToken = true },
        ["GET /identity/v3/auth/tokens"] = new() { Answer = typeof(TokenAnswer), Parameters = [.. Subject, NoCatalog], AnswersToken = true },
        ["DELETE /identity/v3/auth/tokens"] = new() { Success = 204, Parameters = Subject },
        ["GET /identity/v3/auth/projects"] = new() { Answer = typeof(ProjectListAnswer) },
        ["GET /identity/v3/auth/catalog"] = new() { Answer = typeof(CatalogAnswer) },
        ["GET /identity/v3/projects"] = new() { Answer = typeof(ProjectListAnswer), Parameters = [new("name", "string", "Only the project of this name.")] },
        ["GET /identity/v3/projects/{id}"] = new() { Id = new AuthOptions().ProjectId, Answer = typeof(ProjectAnswer) },
        ["GET /identity/v3/users"] = new() { Answer = typeof(UserListAnswer), Parameters = [new("name", "string", "Only the user of this name.")] },
        ["GET /identity/v3/users/{id}"] = User with { Answer = typeof(UserAnswer) },
        ["GET /identity/v3/users/{id}/projects"] = User with { Answer = typeof(ProjectListAnswer) },

        ["POST /emulator/faults"] = new() { Body = typeof(FaultDocument), Success = 201, Examples = BodyExamples.Fault },
        ["DELETE /emulator/faults"] = new() { Success = 204 },
        ["DELETE /emulator/faults/{id}"] = new() { Success = 204 },
        ["POST /emulator/reset"] = new() { Success = 204 },
    };

    private static readonly RouteNote Plain = new();

    /// <summary>The note of a route; one that says nothing where its handler shows all there is.</summary>
    public static RouteNote Find(string method, string path)
        => Notes.GetValueOrDefault($"{method} {path.Replace("/v3/{project_id}/", "", StringComparison.Ordinal)}", Plain);
}
