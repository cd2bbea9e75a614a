using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace ImageBackup.Core.Settings;

/// <summary>A setting that exists: a value, a numbered list, a map, or a section with named members.</summary>
internal sealed class KnownSetting
{
    private KnownSetting()
    {
    }

    /// <summary>The members of a section by name, in any case.</summary>
    public Dictionary<string, KnownSetting> Members { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The setting of each entry of a list or a map; null for a value and a section.</summary>
    public KnownSetting? Entry { get; private init; }

    /// <summary>True for a list. Its entries are numbered.</summary>
    public bool IsList { get; private init; }

    /// <summary>The type of a value; null for anything else.</summary>
    public Type? ValueType { get; private init; }

    /// <summary>The attributes that check a value.</summary>
    public IReadOnlyList<ValidationAttribute> Rules { get; private init; } = [];

    /// <summary>Returns the sections as one tree.</summary>
    public static KnownSetting Of(IEnumerable<SettingsSection> sections)
    {
        var root = new KnownSetting();
        foreach (var section in sections)
        {
            var place = root;
            foreach (var name in section.Path.Split(':'))
            {
                place.Members.TryAdd(name, new KnownSetting());
                place = place.Members[name];
            }

            place.AddMembers(section.Options);
        }

        return root;
    }

    /// <summary>Returns the settings that a file may contain.</summary>
    public static KnownSetting Of(SettingsFile file)
    {
        var content = Of(file.Options);
        foreach (var other in content.Members.Keys.Except(file.Members).ToList())
        {
            content.Members.Remove(other);
        }

        return content;
    }

    private static KnownSetting Of(Type options)
    {
        var section = new KnownSetting();
        section.AddMembers(options);
        return section;
    }

    private void AddMembers(Type options)
    {
        foreach (var property in options.GetProperties().Where(property => property.SetMethod is not null))
        {
            Members.TryAdd(property.Name, Of(property.PropertyType, [.. property.GetCustomAttributes<ValidationAttribute>()]));
        }
    }

    private static KnownSetting Of(Type type, IReadOnlyList<ValidationAttribute> rules)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>))
        {
            return new KnownSetting { Entry = Of(type.GetGenericArguments()[1], []) };
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>))
        {
            return new KnownSetting { Entry = Of(type.GetGenericArguments()[0], []), IsList = true };
        }

        // The configuration binder uses the same converters.
        return TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string)) ? new KnownSetting { ValueType = type, Rules = rules } : Of(type);
    }
}
