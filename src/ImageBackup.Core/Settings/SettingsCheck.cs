using System.Globalization;
using ImageBackup.Core.Errors;
using Microsoft.Extensions.Configuration;

namespace ImageBackup.Core.Settings;

/// <summary>
/// Compares the settings with the options classes. An unknown key, a value in the place of a list (and the reverse), and a value that its option
/// does not accept stop the start.
/// </summary>
public sealed class SettingsCheck(IEnumerable<SettingsSection> sections, IEnumerable<SettingsFile> files, IConfiguration configuration)
{
    /// <summary>Checks everything below <see cref="ImageBackupOptions.Section"/>, and the files that settings name.</summary>
    /// <exception cref="StartException">The message names the first wrong key, its value unless that may be a secret, and what is accepted.</exception>
    public void Run()
    {
        var known = KnownSetting.Of(sections);
        Check(configuration.GetSection(ImageBackupOptions.Section), known.Members[ImageBackupOptions.Section], path => NearestSetting.Find(known, path));
        foreach (var file in files.Where(file => File.Exists(configuration[file.Key])))
        {
            CheckFile(Path.GetFullPath(configuration[file.Key]!), file);
        }
    }

    private static void CheckFile(string path, SettingsFile file)
    {
        try
        {
            var known = KnownSetting.Of(file);
            foreach (var section in new ConfigurationBuilder().AddJsonFile(path).Build().GetChildren())
            {
                CheckMember(section, known, wrong => NearestSetting.Find(known, wrong));
            }
        }
        catch (StartException e)
        {
            throw new StartException($"{path}: {e.Message}", e);
        }
        catch (InvalidDataException e)
        {
            throw new StartException($"{file.Key}: '{path}' is not valid JSON: {e.GetBaseException().Message}", e);
        }
    }

    private static void Check(IConfigurationSection place, KnownSetting known, Func<string, string> nearest)
    {
        var children = place.GetChildren().ToList();
        if (known.ValueType is not null)
        {
            if (children.Count > 0)
            {
                throw new StartException($"{place.Path} takes one value, but {children[0].Path} is set. Use {SettingValue.Accepted(known)}.");
            }

            SettingValue.Check(place, known);
            return;
        }

        if (!string.IsNullOrEmpty(place.Value))
        {
            throw new StartException($"{place.Path}{SettingValue.Shown(place)} {Shape(place, known)}");
        }

        foreach (var child in children)
        {
            if (known.Entry is null)
            {
                CheckMember(child, known, nearest);
            }
            else if (known.IsList && !int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                throw new StartException($"{child.Path} is not an entry of the list {place.Path}. Number the entries: {place.Path}:0, {place.Path}:1 and so on.");
            }
            else
            {
                Check(child, known.Entry, nearest);
            }
        }
    }

    private static void CheckMember(IConfigurationSection child, KnownSetting section, Func<string, string> nearest)
    {
        if (!section.Members.TryGetValue(child.Key, out var member))
        {
            var wrong = FirstLeaf(child);
            throw new StartException($"{wrong} is not a setting. The nearest setting is {nearest(wrong)}.");
        }

        Check(child, member, nearest);
    }

    private static string FirstLeaf(IConfigurationSection place)
        => place.GetChildren().FirstOrDefault() is { } child ? FirstLeaf(child) : place.Path;

    private static string Shape(IConfigurationSection place, KnownSetting known) => known switch
    {
        { IsList: true } => $"is one value, but the setting takes a list. Use {place.Path}:0, {place.Path}:1 and so on.",
        { Entry: not null } => $"is one value, but the setting takes a map. Use {place.Path}:NAME for each entry.",
        _ => $"is one value, but the setting is a section with {string.Join(", ", known.Members.Keys.Order(StringComparer.Ordinal))}.",
    };
}
