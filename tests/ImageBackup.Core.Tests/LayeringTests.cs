using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ImageBackup.Core.Operations;

namespace ImageBackup.Core.Tests;

/// <summary>Holds the direction of the folders: a lower one never names a higher one, siblings are blind to each other.</summary>
public sealed partial class LayeringTests
{
    /// <summary>Lowest first; folders of one line are siblings.</summary>
    private static readonly string[][] Layers =
    [
        ["Access", "Errors", "Settings", "Persistence"],
        ["Backups", "Flows", "Catalog", "BackupNodes", "ObjectStorage", "Buckets"],
        ["Operations", "Emulator", "Startup"],
    ];

    /// <summary>The lowest layer is shared words: its folders may know each other.</summary>
    private const int Shared = 0;

    public static TheoryData<string> Folders => [.. Layers.SelectMany(layer => layer)];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_names_lower_ones_only(string folder)
    {
        var allowed = AllowedFor(folder);

        var wrong = SourcesOf(folder)
            .SelectMany(file => Named(file).Where(name => !allowed.Contains(name)).Select(name => $"{Path.GetFileName(file)} names {name}"));

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_folder_has_its_layer()
    {
        var folders = Directory.GetDirectories(Source()).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj" or "Properties"));

        Assert.Empty(folders.Except(Layers.SelectMany(layer => layer)));
    }

    [Fact]
    public void The_format_knows_nothing_of_the_service()
        => Assert.DoesNotContain(typeof(Ova.Archive.OvaWriter).Assembly.GetReferencedAssemblies(), assembly => assembly.Name!.StartsWith("ImageBackup.", StringComparison.Ordinal)
            || assembly.Name.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal) || assembly.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    [Fact]
    public void What_is_behind_the_edge_knows_nothing_of_the_edge()
        => Assert.DoesNotContain(typeof(ImageBackupService).Assembly.GetReferencedAssemblies(), assembly => assembly.Name is "ImageBackup.Api");

    private static HashSet<string> AllowedFor(string folder)
    {
        var layer = Array.FindIndex(Layers, names => names.Contains(folder));
        var allowed = Layers.Take(layer).SelectMany(names => names).Append(folder).ToHashSet();
        allowed.UnionWith(layer == Shared ? Layers[Shared] : []);
        allowed.UnionWith(folder is "Buckets" or "ObjectStorage" ? ["Buckets", "ObjectStorage"] : []);
        allowed.UnionWith(folder is "Operations" or "Startup" or "Emulator" ? Layers[^1] : []);
        return allowed;
    }

    private static IEnumerable<string> SourcesOf(string folder) => Directory.EnumerateFiles(Path.Combine(Source(), folder), "*.cs", SearchOption.AllDirectories);

    /// <summary>The folders of Core that a file names, by using or in full.</summary>
    private static IEnumerable<string> Named(string file)
        => CoreName().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).Distinct();

    private static string Source([CallerFilePath] string here = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "src", "ImageBackup.Core"));

    [GeneratedRegex(@"ImageBackup\.Core\.([A-Z][A-Za-z]*)\b")]
    private static partial Regex CoreName();
}
