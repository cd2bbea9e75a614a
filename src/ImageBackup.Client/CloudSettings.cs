using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ImageBackup.Client;

/// <summary>How to reach and log in to a service, in the words of OpenStack's clients.</summary>
public sealed record CloudSettings
{
    /// <summary>The address of a service that needs no token on this machine.</summary>
    public const string DefaultEndpoint = "http://127.0.0.1:9000";

    /// <summary>The project of a service that needs no token, PowerVC's <c>ibm-default</c>.</summary>
    public const string DefaultProjectId = "40a58846608e4e908c43b547d4dfb58c";

    /// <summary>Keystone's address; null if the service needs no token.</summary>
    public string? AuthUrl { get; init; }

    public string? Username { get; init; }

    public string? UserId { get; init; }

    public string? Password { get; init; }

    public string? UserDomainName { get; init; }

    public string? UserDomainId { get; init; }

    public string? ProjectName { get; init; }

    public string? ProjectId { get; init; }

    public string? ProjectDomainName { get; init; }

    public string? ProjectDomainId { get; init; }

    public string? ApplicationCredentialId { get; init; }

    public string? ApplicationCredentialName { get; init; }

    public string? ApplicationCredentialSecret { get; init; }

    /// <summary>The region in the catalog; null for any.</summary>
    public string? RegionName { get; init; }

    /// <summary>The service's address instead of those of the catalog, such as <c>http://127.0.0.1:9000</c>.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Reads a cloud of <c>clouds.yaml</c>, or the <c>OS_*</c> variables. Variables override the file, as in OpenStack's clients.</summary>
    /// <param name="cloud">The cloud; null for <c>OS_CLOUD</c>, and without that for variables only.</param>
    /// <param name="variable">Returns an environment variable or null.</param>
    /// <exception cref="CloudSettingsException">The file or the cloud is missing or wrong.</exception>
    public static CloudSettings Read(string? cloud, Func<string, string?> variable)
    {
        var file = (cloud ?? Variable("OS_CLOUD")) is { } name ? ReadCloud(name, variable) : [];
        return new CloudSettings
        {
            AuthUrl = Value("auth_url"),
            Username = Value("username"),
            UserId = Value("user_id"),
            Password = Value("password"),
            UserDomainName = Value("user_domain_name"),
            UserDomainId = Value("user_domain_id"),
            ProjectName = Value("project_name"),
            ProjectId = Value("project_id"),
            ProjectDomainName = Value("project_domain_name"),
            ProjectDomainId = Value("project_domain_id"),
            ApplicationCredentialId = Value("application_credential_id"),
            ApplicationCredentialName = Value("application_credential_name"),
            ApplicationCredentialSecret = Value("application_credential_secret"),
            RegionName = Value("region_name"),
            Endpoint = Variable("IMAGEBACKUP_URL") ?? Value("endpoint"),
        };

        string? Variable(string key) => variable(key) is { Length: > 0 } value ? value : null;
        string? Value(string key) => Variable($"OS_{key.ToUpperInvariant()}") ?? file.GetValueOrDefault(key);
    }

    private static Dictionary<string, string> ReadCloud(string cloud, Func<string, string?> variable)
    {
        var path = Places(variable).FirstOrDefault(File.Exists)
            ?? throw new CloudSettingsException($"There is no clouds.yaml for the cloud '{cloud}'. Looked for {string.Join(", ", Places(variable))}.");
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(File.ReadAllText(path)));
            var clouds = Child(stream.Documents.Count > 0 ? stream.Documents[0].RootNode : null, "clouds");
            var found = Child(clouds, cloud)
                ?? throw new CloudSettingsException($"{path} has no cloud '{cloud}'. It has {string.Join(", ", (clouds as YamlMappingNode)?.Children.Keys.Select(key => $"'{key}'") ?? [])}.");
            return Texts(found).Concat(Texts(Child(found, "auth"))).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value);
        }
        catch (YamlException e)
        {
            throw new CloudSettingsException($"{path}, line {e.Start.Line}: {e.Message}", e);
        }
    }

    /// <summary>The places in which OpenStack's clients look.</summary>
    private static IEnumerable<string> Places(Func<string, string?> variable) => variable("OS_CLIENT_CONFIG_FILE") is { Length: > 0 } given
        ? [given]
        : ["clouds.yaml", Path.Combine(variable("HOME") ?? "/", ".config", "openstack", "clouds.yaml"), "/etc/openstack/clouds.yaml"];

    private static YamlNode? Child(YamlNode? node, string key) => node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;

    private static IEnumerable<KeyValuePair<string, string>> Texts(YamlNode? node) => (node as YamlMappingNode)?.Children
        .Where(pair => pair.Value is YamlScalarNode { Value.Length: > 0 }).Select(pair => new KeyValuePair<string, string>($"{pair.Key}", $"{pair.Value}")) ?? [];
}
