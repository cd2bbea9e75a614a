using Amazon.S3.Model;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>A request whose body's digest is known before the SDK signs it.</summary>
internal interface IHashedRequest
{
    /// <summary>Lower-case hex; null leaves the body unsigned (TLS guards it).</summary>
    string? ContentSha256 { get; }
}

/// <inheritdoc cref="IHashedRequest"/>
internal sealed class HashedPartRequest : UploadPartRequest, IHashedRequest
{
    public string? ContentSha256 { get; init; }
}

/// <inheritdoc cref="IHashedRequest"/>
internal sealed class HashedPutRequest : PutObjectRequest, IHashedRequest
{
    public string? ContentSha256 { get; init; }
}
