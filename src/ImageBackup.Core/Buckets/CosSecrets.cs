using ImageBackup.Core.ObjectStorage;

namespace ImageBackup.Core.Buckets;

/// <summary>One secret of the settings: given itself, or by a file (Docker's and Kubernetes' secrets are files).</summary>
internal sealed class CosSecret
{
    private readonly string? value;
    private readonly string? file;

    public CosSecret(string name, string? value, string? file)
    {
        Name = name;
        this.value = string.IsNullOrEmpty(value) ? null : value;
        this.file = string.IsNullOrWhiteSpace(file) ? null : file;
    }

    public string Name { get; }

    public bool IsGiven => value is not null || file is not null;

    /// <summary>What is wrong with how it is given; null where nothing is.</summary>
    public string? Problem
    {
        get
        {
            if (value is not null && file is not null)
            {
                return $"{CosOptions.Section}:{Name} and {CosOptions.Section}:{Name}File are both set: give one of them.";
            }

            try
            {
                return file is not null && Read()!.Length == 0 ? $"{CosOptions.Section}:{Name}File: {file} is empty." : null;
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                return $"{CosOptions.Section}:{Name}File: {file} can't be read: {unreadable.Message}";
            }
        }
    }

    /// <summary>The secret, without the line end that editors leave in files; null where none is given.</summary>
    public string? Read() => file is null ? value : File.ReadAllText(file).TrimEnd('\r', '\n');
}

/// <summary>The secrets of the settings.</summary>
internal static class CosSecrets
{
    public static CosSecret AccessKey(CosOptions options) => new(nameof(options.AccessKey), options.AccessKey, options.AccessKeyFile);

    public static CosSecret SecretKey(CosOptions options) => new(nameof(options.SecretKey), options.SecretKey, options.SecretKeyFile);

    public static CosSecret ApiKey(CosOptions options) => new(nameof(options.ApiKey), options.ApiKey, options.ApiKeyFile);

    public static IEnumerable<CosSecret> All(CosOptions options) => [AccessKey(options), SecretKey(options), ApiKey(options)];

    /// <summary>How to reach the service that the settings name.</summary>
    public static CosCredentials Credentials(CosOptions options) => new()
    {
        Endpoint = options.ServiceUrl!,
        Region = options.Region,
        AccessKey = AccessKey(options).Read(),
        SecretKey = SecretKey(options).Read(),
        ApiKey = ApiKey(options).Read(),
        ResourceCrn = options.ResourceCrn,
        AuthEndpoint = options.AuthEndpoint,
    };
}
