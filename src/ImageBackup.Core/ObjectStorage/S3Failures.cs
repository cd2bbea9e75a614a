using System.Net;
using System.Text.RegularExpressions;
using Amazon.Runtime;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>What a server's error means. Only its code is passed on: texts of whatever answers at an endpoint are not ours to show.</summary>
internal static partial class S3Failures
{
    public static ObjectStoreException From(AmazonServiceException failure, string where)
    {
        var fault = FaultOf(failure.ErrorCode, failure.StatusCode);
        var code = failure.ErrorCode is { } given && CodePattern().IsMatch(given) ? $"{given}, " : string.Empty;
        return new ObjectStoreException(fault, $"{where}: {Explain(fault)} ({code}HTTP {(int)failure.StatusCode}).", failure);
    }

    private static ObjectStoreFault FaultOf(string? code, HttpStatusCode status) => (code, (int)status) switch
    {
        ("NoSuchBucket", _) => ObjectStoreFault.NoBucket,
        ("NoSuchKey", _) => ObjectStoreFault.NoObject,
        ("NoSuchUpload", _) => ObjectStoreFault.NoUpload,
        ("PreconditionFailed", _) or (_, 412) => ObjectStoreFault.Changed,

        // Bytes got lost or turned on the way; the next attempt reads them again.
        ("RequestTimeout" or "IncompleteBody" or "BadDigest" or "XAmzContentSHA256Mismatch" or "SlowDown", _) => ObjectStoreFault.Unavailable,
        ("NotImplemented", _) or (_, 501) => ObjectStoreFault.Refused,
        (_, 401 or 403) => ObjectStoreFault.NoAccess,
        (_, 404) => ObjectStoreFault.NoObject,
        (_, 408 or 429 or 499 or >= 500) => ObjectStoreFault.Unavailable,

        // No answer at all: the SDK leaves the status at zero.
        (_, 0) => ObjectStoreFault.Unavailable,
        _ => ObjectStoreFault.Refused,
    };

    private static string Explain(ObjectStoreFault fault) => fault switch
    {
        ObjectStoreFault.NoBucket => "the bucket does not exist",
        ObjectStoreFault.NoAccess => "the store refuses these keys, or they don't allow this",
        ObjectStoreFault.NoObject => "there is no such object",
        ObjectStoreFault.NoUpload => "the upload is no longer open",
        ObjectStoreFault.Changed => "the object is no longer the one it was",
        ObjectStoreFault.Unavailable => "the store is unavailable",
        _ => "the store refuses the request",
    };

    [GeneratedRegex(@"^[A-Za-z0-9]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex CodePattern();
}
