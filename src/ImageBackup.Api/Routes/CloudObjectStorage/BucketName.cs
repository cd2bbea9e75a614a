using ImageBackup.Api.Http;
using ImageBackup.Core.ObjectStorage;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary>Checks <c>bucket_name</c>.</summary>
internal static class BucketName
{
    /// <summary>Returns the value if it is the name of a bucket.</summary>
    /// <exception cref="Core.Errors.InvalidRequestException">The value has another form.</exception>
    public static string Check(string bucket)
        => BucketNames.IsBucketName(bucket)
            ? bucket
            : throw InvalidField.Create("bucket_name", bucket, "A bucket's name has 3 to 63 lower-case letters, digits, dots and dashes.");
}
