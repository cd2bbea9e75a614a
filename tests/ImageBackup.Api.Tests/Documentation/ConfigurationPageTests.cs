using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ImageBackup.Core.Settings;
using ImageBackup.Identity.Users;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>The configuration page lists exactly the keys of the options classes, with their defaults.</summary>
public sealed class ConfigurationPageTests
{
    private const string Empty = "–";
    private const string Processors = "processors";

    private static readonly Regex Row = new(@"^\| `(?<key>[\w:]+)` \| (?<default>[^|]+) \|", RegexOptions.Multiline);

    [Fact]
    public async Task The_configuration_page_lists_every_setting_with_its_default()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(ProgramRun.Repository, "docs", "configuration.md"));

        var written = Row.Matches(page).ToDictionary(row => row.Groups["key"].Value, row => row.Groups["default"].Value.Trim().Trim('`'));

        var settings = OptionsClasses().SelectMany(type => Settings(type, Prefix(type))).ToDictionary();
        Assert.True(settings.Count > 50);
        Assert.Equal(settings.Keys.Order(), written.Keys.Order());
        foreach (var (key, value) in settings.Where(setting => written[setting.Key] != Processors))
        {
            Assert.True(written[key] == value, $"{key}: the page says {written[key]}, the code {value}.");
        }

        Assert.All(written.Where(row => row.Value == Processors), row => Assert.Equal($"{Environment.ProcessorCount}", settings[row.Key]));
    }

    private static IEnumerable<Type> OptionsClasses()
        => new[] { typeof(Program).Assembly, typeof(ImageBackupOptions).Assembly, typeof(IdentityOptions).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetField("Section")?.IsLiteral == true);

    /// <summary>The part between <c>ImageBackup</c> and the key.</summary>
    private static string Prefix(Type type)
    {
        var section = (string)type.GetField("Section")!.GetRawConstantValue()!;
        return section == ImageBackupOptions.Section ? "" : section[(ImageBackupOptions.Section.Length + 1)..] + ":";
    }

    private static IEnumerable<KeyValuePair<string, string>> Settings(Type type, string prefix)
    {
        var instance = Activator.CreateInstance(type);
        foreach (var property in type.GetProperties().Where(property => property.SetMethod is not null))
        {
            yield return new(prefix + property.Name, Write(property.GetValue(instance)));
            if (Element(property) is { } element)
            {
                foreach (var nested in Settings(element, $"{prefix}{property.Name}:N:"))
                {
                    yield return nested;
                }
            }
        }
    }

    /// <summary>The class of a list's entries, if it belongs to the project.</summary>
    private static Type? Element(PropertyInfo property)
        => property.PropertyType is { IsGenericType: true } type && type.GetGenericArguments() is [var element] && element.Assembly == typeof(IdentityOptions).Assembly ? element : null;

    private static string Write(object? value) => value switch
    {
        null or ICollection { Count: 0 } => Empty,
        bool flag => flag ? "true" : "false",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        string { Length: 0 } => Empty,
        _ => value.ToString()!,
    };
}
