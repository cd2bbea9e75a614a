using System.Text;
using System.Text.RegularExpressions;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>The names that buckets and objects may have in every store: S3's rules, and for objects those of a file system.</summary>
public static partial class BucketNames
{
    /// <summary>The rule of <see cref="IsBucketName"/>, for messages.</summary>
    public const string BucketRule = "a bucket's name has 3 to 63 lower-case letters, digits, dots and dashes";

    /// <summary>The directory in which the embedded store keeps its own files beside the objects of a bucket. No object can have this name.</summary>
    internal const string Hidden = ".imagebackup";

    private const int MaxKeyBytes = 1024;
    private const int MaxSegmentBytes = 255;

    /// <summary>Returns true for 3 to 63 lower-case letters, digits, dots and dashes that begin and end with a letter or digit and have no two dots in a row.</summary>
    public static bool IsBucketName(string name) => BucketPattern().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal);

    /// <summary>Returns why <paramref name="key"/> cannot be the name of an object, or null when it can.</summary>
    internal static string? WhyNoKey(string key)
    {
        if (key.Length == 0 || Encoding.UTF8.GetByteCount(key) > MaxKeyBytes)
        {
            return $"it must have 1 to {MaxKeyBytes} bytes of UTF-8";
        }

        // EnumerateRunes replaces invalid code units, so invalid Unicode does not come back the same.
        if (key.Any(char.IsControl) || string.Concat(key.EnumerateRunes()) != key)
        {
            return "it must not contain control characters or invalid Unicode";
        }

        return key.Split('/').Select(WhyNoSegment).FirstOrDefault(why => why is not null);
    }

    private static string? WhyNoSegment(string segment) => segment switch
    {
        "" or "." or ".." => "it must not contain empty, '.' or '..' segments",
        Hidden => $"the name '{Hidden}' is reserved",
        _ when Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes => $"a segment must not have more than {MaxSegmentBytes} bytes of UTF-8",
        _ => null,
    };

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex BucketPattern();
}
