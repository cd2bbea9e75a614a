using ImageBackup.Core.Settings;

namespace ImageBackup.Api.Cli;

/// <summary>The short arguments of <c>serve</c>: <c>--role</c> and <c>--node</c>, which may be repeated or name several nodes.</summary>
internal static class ServeArguments
{
    private const string Role = "--role";
    private const string Node = "--node";

    /// <summary>Returns the arguments with the settings that the short ones stand for.</summary>
    public static string[] Expand(IReadOnlyList<string> arguments)
    {
        var expanded = new List<string>();
        var nodes = 0;
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = Split(arguments[i]);
            if (name == Role)
            {
                expanded.Add($"--{ClusterOptions.Section}:{nameof(ClusterOptions.Role)}={value ?? ValueAt(arguments, ++i)}");
            }
            else if (name == Node)
            {
                expanded.Add(SettingOf(nodes++, value ?? ValueAt(arguments, ++i)));
                while (i + 1 < arguments.Count && !arguments[i + 1].StartsWith('-'))
                {
                    expanded.Add(SettingOf(nodes++, arguments[++i]));
                }
            }
            else
            {
                expanded.Add(arguments[i]);
            }
        }

        return [.. expanded];
    }

    private static (string Name, string? Value) Split(string argument)
        => argument.IndexOf('=', StringComparison.Ordinal) is > 0 and var end ? (argument[..end], argument[(end + 1)..]) : (argument, null);

    private static string ValueAt(IReadOnlyList<string> arguments, int index)
        => index < arguments.Count && !arguments[index].StartsWith('-') ? arguments[index] : "";

    private static string SettingOf(int number, string node) => $"--{ClusterOptions.Section}:{nameof(ClusterOptions.Nodes)}:{number}={node}";
}
