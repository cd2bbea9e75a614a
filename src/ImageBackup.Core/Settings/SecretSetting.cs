namespace ImageBackup.Core.Settings;

/// <summary>One secret of the settings: the value itself, or the file that holds it (secrets of Docker and Kubernetes are files).</summary>
/// <param name="section">The section, such as <c>ImageBackup:Cos</c>.</param>
/// <param name="name">The name of the setting. The setting of the file has the suffix <c>File</c>.</param>
/// <param name="value">The value; null or empty if it is not set.</param>
/// <param name="file">The path of the file; null or empty if it is not set.</param>
internal sealed class SecretSetting(string section, string name, string? value, string? file)
{
    private readonly string? value = string.IsNullOrEmpty(value) ? null : value;
    private readonly string? file = string.IsNullOrWhiteSpace(file) ? null : file;

    public string Name => name;

    public bool IsGiven => value is not null || file is not null;

    /// <summary>The reason why the secret cannot be used; null when it can.</summary>
    public string? Problem
    {
        get
        {
            if (value is not null && file is not null)
            {
                return $"{section}:{name} and {section}:{name}File are both set. Set one of them.";
            }

            try
            {
                return file is not null && Read()!.Length == 0 ? $"{section}:{name}File: {file} is empty." : null;
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                return $"{section}:{name}File: {file} cannot be read: {unreadable.Message}";
            }
        }
    }

    /// <summary>Returns the secret without the line end that editors add to files, or null when none is given.</summary>
    public string? Read() => file is null ? value : File.ReadAllText(file).TrimEnd('\r', '\n');
}
