using System.Text.Json;
using ImageBackup.Api.Cli.Output;

namespace ImageBackup.Api.Cli.Remote;

/// <summary>How a command prints its results.</summary>
/// <param name="AsJson">JSON instead of text.</param>
/// <param name="Follows">Whether to wait for the end of the operation.</param>
/// <param name="IsQuiet">Whether to show no progress.</param>
internal sealed record RemoteOutput(bool AsJson, bool Follows, bool IsQuiet)
{
    /// <summary>Prints a list as a table, or as a JSON list.</summary>
    public void List<T>(IReadOnlyList<T> items, params (string Title, Func<T, string?> Value)[] columns)
    {
        if (AsJson)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(items, CliJson.Options));
            return;
        }

        var rows = items.Select(item => columns.Select(column => Printable(column.Value(item) ?? "-")).ToArray()).Prepend([.. columns.Select(column => column.Title)]).ToList();
        var widths = columns.Select((_, place) => rows.Max(row => row[place].Length)).ToArray();
        foreach (var row in rows)
        {
            Console.Out.WriteLine(string.Join("  ", row.Select((text, place) => text.PadRight(widths[place]))).TrimEnd());
        }
    }

    /// <summary>Prints one item as lines of a title and a value, or as JSON.</summary>
    public void Item<T>(T item, params (string Title, object? Value)[] lines)
    {
        if (AsJson)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(item, CliJson.Options));
            return;
        }

        var width = lines.Max(line => line.Title.Length);
        foreach (var (title, value) in lines.Where(line => line.Value is not null))
        {
            Console.Out.WriteLine($"{title.PadRight(width)}  {Printable($"{value}")}");
        }
    }

    /// <summary>Returns the text without control characters, which could change the terminal.</summary>
    public static string Printable(string text) => string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
}
