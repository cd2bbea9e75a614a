using System.Text.RegularExpressions;

namespace ImageBackup.Browser.Tests;

/// <summary>All texts of the page are in <c>texts.js</c>.</summary>
public sealed partial class TextTests
{
    private static readonly string[] Technical = ["'AbortError'", "'Accept: text/event-stream'", "'Content-Type'", "'Content-Type: application/json'", "'Date'", "'Default'", "'Escape'", "'Export-Image-to-Backup_node_29.ova'", "'Notification'", "'True'", "'False'", "'X-Subject-Token'"];

    [Fact]
    public void No_other_file_has_texts()
    {
        var directory = new DirectoryInfo(Path.Combine(RepositoryRoot(), "src", "ImageBackup.Api", "wwwroot", "ui"));
        var files = directory.GetFiles("*.js", SearchOption.AllDirectories).Where(file => file.Name != "texts.js").ToList();

        var found = files.SelectMany(file => File.ReadLines(file.FullName).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && !line.TrimStart().StartsWith('*') && !line.TrimStart().StartsWith("/**", StringComparison.Ordinal))
            .SelectMany(line => Text().Matches(line)).Select(match => match.Value).Where(text => !Technical.Contains(text.Replace('"', '\''))).Select(text => $"{file.Name}: {text}"));

        Assert.True(files.Count > 20, $"Only {files.Count} files were found.");
        Assert.Empty(found);
    }

    private static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "ImageBackup.sln")))
        {
            directory = directory.Parent!;
        }

        return directory.FullName;
    }

    /// <summary>A literal that begins like a sentence, or a word between blanks in a template.</summary>
    [GeneratedRegex("""'[A-Z][a-z]{2,}[^']*'|"[A-Z][a-z]{2,}[^"]*"|`[A-Z][a-z]{2,}[^`]*`""")]
    private static partial Regex Text();
}
