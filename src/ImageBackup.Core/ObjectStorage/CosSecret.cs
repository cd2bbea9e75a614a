namespace ImageBackup.Core.ObjectStorage;

/// <summary>One secret of the settings: the value itself, or the file that holds it (secrets of Docker and Kubernetes are files).</summary>
internal sealed class CosSecret(string name, string? value, string? file)
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
                return $"{CosOptions.Section}:{name} and {CosOptions.Section}:{name}File are both set. Set one of them.";
            }

            try
            {
                return file is not null && Read()!.Length == 0 ? $"{CosOptions.Section}:{name}File: {file} is empty." : null;
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                return $"{CosOptions.Section}:{name}File: {file} cannot be read: {unreadable.Message}";
            }
        }
    }

    /// <summary>Returns the secret without the line end that editors add to files, or null when none is given.</summary>
    public string? Read() => file is null ? value : File.ReadAllText(file).TrimEnd('\r', '\n');
}
