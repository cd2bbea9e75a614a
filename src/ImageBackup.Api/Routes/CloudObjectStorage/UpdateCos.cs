using System.ComponentModel.DataAnnotations;
using ImageBackup.Api.Http;
using ImageBackup.Core.Buckets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary>PUT /v3/{project_id}/cos/{id}</summary>
internal static class UpdateCos
{
    /// <summary>The change of a registered bucket. Fields that are left out keep their values.</summary>
    [Envelope("cos")]
    [BodyExample("A new name", """{"cos": {"name": "monthly backups"}}""")]
    internal sealed record UpdateCosRequest
    {
        /// <summary>The display name.</summary>
        /// <example>backups</example>
        [StringLength(255, MinimumLength = 1)]
        public string? Name { get; init; }

        /// <summary>The kind of object store: ibm_cos or s3.</summary>
        /// <example>s3</example>
        [AllowedWords(typeof(CosTypes))]
        public string? Type { get; init; }

        /// <summary>The name of the bucket: 3 to 63 lower-case letters, digits, dots and dashes. It must exist.</summary>
        /// <example>bucket-1</example>
        [StringLength(255, MinimumLength = 1)]
        public string? BucketName { get; init; }

        /// <summary>The credentials. They replace the former credentials as a whole.</summary>
        public CosCredentialsRequest? Credentials { get; init; }
    }

    public static async Task<Ok<Enveloped<CosResponse>>> HandleAsync(string id, HttpContext context, Body<UpdateCosRequest> body, CosStore store, CancellationToken cancellationToken)
        => Enveloped.Ok(CosResponse.Of(await store.UpdateAsync(context.Caller().ProjectId, CosIds.Parse(id), Parse(body.Value), cancellationToken)));

    private static CosChanges Parse(UpdateCosRequest request)
        => new(request.Name, request.Type, request.BucketName is { } bucket ? BucketName.Check(bucket) : null, request.Credentials?.Parse());
}
