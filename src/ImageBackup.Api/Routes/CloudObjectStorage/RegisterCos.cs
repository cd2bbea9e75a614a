using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ImageBackup.Api.Http;
using ImageBackup.Core.Buckets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary>POST /v3/{project_id}/cos</summary>
internal static class RegisterCos
{
    /// <summary>The bucket to register. It must exist, and the credentials must work.</summary>
    [Envelope("cos")]
    [BodyExample("A bucket of an S3 service", """
        {"cos": {"name": "backups", "type": "s3", "bucket_name": "bucket-1", "credentials": {"cos_endpoint": "https://s3.example",
          "access_key": "key", "secret_key": "secret", "region": "us-east-1"}}}
        """)]
    internal sealed record RegisterCosRequest
    {
        /// <summary>The display name.</summary>
        /// <example>backups</example>
        [StringLength(255, MinimumLength = 1)]
        public required string Name { get; init; }

        /// <summary>The kind of object store: ibm_cos or s3.</summary>
        /// <example>s3</example>
        [AllowedWords(typeof(CosTypes))]
        [DefaultValue(CosTypes.IbmCos)]
        public string Type { get; init; } = "";

        /// <summary>The name of the bucket: 3 to 63 lower-case letters, digits, dots and dashes.</summary>
        /// <example>bucket-1</example>
        [StringLength(255, MinimumLength = 1)]
        public required string BucketName { get; init; }

        /// <summary>The credentials.</summary>
        public required CosCredentialsRequest Credentials { get; init; }
    }

    public static async Task<Created<Enveloped<CosResponse>>> HandleAsync(HttpContext context, Body<RegisterCosRequest> body, CosStore store, CancellationToken cancellationToken)
        => Enveloped.Created(CosResponse.Of(await store.CreateAsync(context.Caller().ProjectId, Parse(body.Value), cancellationToken)));

    private static CosCommand Parse(RegisterCosRequest request)
        => new(request.Name, request.Type, BucketName.Check(request.BucketName), request.Credentials.Parse());
}
