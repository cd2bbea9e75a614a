using System.Net;
using System.Text.RegularExpressions;
using Amazon.Runtime;

namespace ImageBackup.Core.ObjectStorage.S3;

/// <summary>Translates a server's errors. Messages contain only the error's code, because the text of an unknown server is not safe to show.</summary>
internal static partial class S3Errors
{
    public static ObjectStoreException From(AmazonServiceException failure, string where)
    {
        var error = ErrorOf(failure.ErrorCode, failure.StatusCode);
        var code = failure.ErrorCode is { } given && CodePattern().IsMatch(given) ? $"{given}, " : string.Empty;
        return new ObjectStoreException(error, $"{where}: {Explain(error, failure)} ({code}HTTP {(int)failure.StatusCode}).", failure);
    }

    /// <summary>Returns whether the store received other bytes than the request's digest says.</summary>
    public static bool IsDigestMismatch(string? code) => code is "BadDigest" or "InvalidDigest" or "XAmzContentSHA256Mismatch";

    private static ObjectStoreError ErrorOf(string? code, HttpStatusCode status) => (code, (int)status) switch
    {
        ("NoSuchBucket", _) => ObjectStoreError.NoBucket,
        ("NoSuchKey", _) => ObjectStoreError.NoObject,
        ("NoSuchUpload", _) => ObjectStoreError.NoUpload,
        ("PreconditionFailed" or "ConditionalRequestConflict", _) or (_, 412) => ObjectStoreError.Changed,

        // Bytes were lost or changed on the way; the next attempt reads them again.
        ("RequestTimeout" or "IncompleteBody" or "BadDigest" or "XAmzContentSHA256Mismatch" or "SlowDown", _) => ObjectStoreError.Unavailable,

        // Errors in the body of a completion come with status 200.
        ("InternalError" or "ServiceUnavailable" or "RequestTimeTooSkewed", _) => ObjectStoreError.Unavailable,
        ("NotImplemented", _) or (_, 501) => ObjectStoreError.Refused,
        (_, 401 or 403) => ObjectStoreError.NoAccess,
        (_, 404) => ObjectStoreError.NoObject,
        (_, 408 or 429 or 499 or >= 500) => ObjectStoreError.Unavailable,
        _ => ObjectStoreError.Refused,
    };

    private static string Explain(ObjectStoreError error, AmazonServiceException failure) => error switch
    {
        _ when failure.ErrorCode == "RequestTimeTooSkewed" => "the clock of this machine or of the store is wrong; set both clocks",
        _ when (int)failure.StatusCode == 413 && failure.ErrorCode is not "EntityTooLarge" =>
            $"a proxy in front of the store refuses bodies of this size; raise its limit (nginx: client_max_body_size), or lower {CosOptions.Section}:{nameof(CosOptions.PartSizeMiB)}",
        ObjectStoreError.NoBucket => "the bucket does not exist",
        ObjectStoreError.NoAccess => "the store refuses these keys, or they do not permit the request",
        ObjectStoreError.NoObject => "the object does not exist",
        ObjectStoreError.NoUpload => "the upload is no longer open",
        ObjectStoreError.Changed => "the object has changed",
        ObjectStoreError.Unavailable => "the store is unavailable",
        _ => "the store refuses the request",
    };

    [GeneratedRegex(@"^[A-Za-z0-9]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex CodePattern();
}
