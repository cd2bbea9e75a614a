namespace ImageBackup.TestSupport;

/// <summary>A request that reached the proxy in front of an S3 server.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">Path and query, unchanged.</param>
/// <param name="Range">The value of <c>Range</c>, or an empty text.</param>
/// <param name="Headers">All headers.</param>
public sealed record S3Request(string Method, string Target, string Range, IReadOnlyDictionary<string, string> Headers)
{
    public bool IsCreate => Method == "POST" && Target.Contains("?uploads", StringComparison.Ordinal);

    public bool IsComplete => Method == "POST" && Target.Contains("uploadId=", StringComparison.Ordinal);

    public bool IsPart => Method == "PUT" && Target.Contains("partNumber=", StringComparison.Ordinal);

    public bool IsWhole => Method == "PUT" && !Target.Contains('?', StringComparison.Ordinal);

    public bool IsRange => Method == "GET" && Range.Length > 0;

    /// <summary>The number of the part; 0 for other requests.</summary>
    public int Part => IsPart ? int.Parse(Target.Split("partNumber=")[1].Split('&')[0]) : 0;
}
