using System.Text;
using System.Text.RegularExpressions;

namespace ImageBackup.Core.Buckets;

/// <summary>What buckets and objects may be called, wherever they lie. S3's rules, and for keys also a directory's.</summary>
public static partial class BucketNames
{
    /// <summary>Name of what the embedded store keeps beside the objects of a bucket; no object can be called so.</summary>
    internal const string Hidden = ".imagebackup";

    private const int MaxKeyBytes = 1024;
    private const int MaxSegmentBytes = 255;

    /// <summary>True for 3 to 63 lower-case letters, digits, dots and dashes, beginning and ending with a letter or digit, without two dots in a row.</summary>
    public static bool IsBucketName(string name) => BucketPattern().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal);

    /// <summary>Why <paramref name="key"/> can't be an object's name; null where it can.</summary>
    public static string? WhyNoKey(string key)
    {
        if (key.Length == 0 || Encoding.UTF8.GetByteCount(key) > MaxKeyBytes)
        {
            return $"it must have 1 to {MaxKeyBytes} bytes of UTF-8";
        }

        if (key.Any(char.IsControl) || !IsWellFormed(key))
        {
            return "it must hold neither control characters nor halves of surrogate pairs";
        }

        return key.Split('/').Select(WhyNoSegment).FirstOrDefault(why => why is not null);
    }

    private static string? WhyNoSegment(string segment) => segment switch
    {
        "" or "." or ".." => "it must not hold empty, '.' or '..' segments",
        Hidden => $"the name '{Hidden}' is taken",
        _ when Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes => $"a segment must not have more than {MaxSegmentBytes} bytes of UTF-8",
        _ => null,
    };

    private static bool IsWellFormed(string text)
    {
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var consumed) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            rest = rest[consumed..];
        }

        return true;
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex BucketPattern();
}
