using System.Reflection;
using ImageBackup.Api.Http;
using ImageBackup.Api.Routes.Identity;
using ImageBackup.Api.Routes.Service;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Swagger;

/// <summary>The notes by method and path.</summary>
internal static class RouteNotes
{
    private const string Text = "text/plain";
    private const string Bytes = "application/octet-stream";

    private static readonly RouteParameter[] VolumeFilters =
        [.. RouteParameter.List, new("status", "string", "Only volumes in this status, such as available."), new("bootable", "boolean", "Only volumes that an image boots from.")];

    private static readonly RouteParameter[] ImageSize = [new("x-openstack-image-size", "integer", "Bytes of the file, checked where it is given.", IsHeader: true)];

    private static readonly RouteNote Nodes = new() { Answer = typeof(NodeListAnswer), Parameters = RouteParameter.List };
    private static readonly RouteNote Buckets = new() { Answer = typeof(CosListAnswer), Parameters = RouteParameter.List };
    private static readonly RouteNote NewImage = new() { Id = BodyExamples.NewImageId };
    private static readonly RouteNote Schema = new() { Answer = typeof(SchemaAnswer) };

    private static readonly Dictionary<string, RouteNote> Notes = new(StringComparer.Ordinal)
    {

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
        ["GET cos/{id}/list_images"] = new() { Answer = typeof(CosImageListAnswer), Parameters = RouteParameter.Page },

        ["GET types"] = new() { Answer = typeof(VolumeTypeListAnswer), Parameters = RouteParameter.Page },
        ["GET types/{id}"] = new() { Id = BodyExamples.ImageId },
        ["GET volumes"] = new() { Answer = typeof(VolumeSummaryListAnswer), Parameters = VolumeFilters },
        ["GET volumes/detail"] = new() { Answer = typeof(VolumeListAnswer), Parameters = VolumeFilters },
        ["GET volumes/{id}"] = new() { Id = VolumeAnswerFields.IdExample, Answer = typeof(VolumeAnswer) },
        ["POST volumes"] = new() { Body = typeof(VolumeDocument), Success = 202, Answer = typeof(VolumeAnswer), Examples = BodyExamples.Volume },
        ["DELETE volumes/{id}"] = new() { Id = VolumeAnswerFields.IdExample, Success = 202 },

        ["GET /v2/images"] = new() { Answer = typeof(ImageListAnswer), Parameters = RouteParameter.List },
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

        ["GET /identity"] = new() { Success = 300, Answer = typeof(IdentityVersionListResponse) },

        ["POST /emulator/faults"] = new() { Body = typeof(FaultDocument), Success = 201, Examples = BodyExamples.Fault },
        ["DELETE /emulator/faults"] = new() { Success = 204 },
        ["DELETE /emulator/faults/{id}"] = new() { Success = 204 },
        ["POST /emulator/reset"] = new() { Success = 204 },
    };

    /// <summary>Completes a route that has a note, or whose handler says only what it answers with.</summary>
    public static DocumentedRoute Complete(DocumentedRoute route, MethodInfo handler)
    {
        var note = Notes.GetValueOrDefault($"{route.Method} {route.Path.Replace("/v3/{project_id}/", "", StringComparison.Ordinal)}");
        var answer = Answer(handler);
        return note is null && answer is null ? route : (note ?? new RouteNote()).Complete(route, answer);
    }

    private static Type? Answer(MethodInfo handler)
    {
        var result = handler.ReturnType;
        result = result.IsGenericType && result.GetGenericTypeDefinition() == typeof(Task<>) ? result.GetGenericArguments()[0] : result;
        return result.IsGenericType && result.GetGenericTypeDefinition() == typeof(JsonHttpResult<>) ? result.GetGenericArguments()[0] : null;
    }
}
