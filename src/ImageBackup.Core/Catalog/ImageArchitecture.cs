namespace ImageBackup.Core.Catalog;

/// <summary>
/// The architecture of an image, as PowerVC shows it: <c>architecture</c> is <c>ppc64</c> for every machine, and <c>endianness</c> tells the two kinds apart. Image
/// backups, archives and raw imports have one word: <c>ppc64</c> or <c>ppc64le</c>.
/// </summary>
public static class ImageArchitecture
{
    /// <summary>The property that contains <c>ppc64</c>.</summary>
    public const string Property = "architecture";

    /// <summary>The property that contains <c>big-endian</c> or <c>little-endian</c>.</summary>
    public const string Endianness = "endianness";

    /// <summary>The value of <see cref="Endianness"/> of <c>ppc64le</c>.</summary>
    public const string Little = "little-endian";

    /// <summary>The word for little-endian machines.</summary>
    public const string LittleWord = "ppc64le";

    private const string Power = "ppc64";
    private const string Big = "big-endian";

    /// <summary>Returns the word for an image with these properties; null if it has no architecture.</summary>
    public static string? WordOf(IReadOnlyDictionary<string, string> properties)
    {
        var architecture = properties.GetValueOrDefault(Property);
        return architecture == Power && string.Equals(properties.GetValueOrDefault(Endianness), Little, StringComparison.OrdinalIgnoreCase)
            ? LittleWord
            : architecture;
    }

    /// <summary>Returns the properties of an image for a word. They have no endianness if the word does not tell it.</summary>
    public static IEnumerable<KeyValuePair<string, string>> PropertiesOf(string? word) => word switch
    {
        null => [],
        LittleWord => [new(Property, Power), new(Endianness, Little)],
        Power => [new(Property, Power), new(Endianness, Big)],
        _ => [new(Property, word)],
    };

    /// <summary>Returns the values that properties must have to meet a condition on one of them. The architecture may be given as a word.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Conditions(KeyValuePair<string, string> condition)
        => condition is { Key: Property, Value: LittleWord } ? PropertiesOf(LittleWord) : [condition];
}
