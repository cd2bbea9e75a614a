using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageBackup.Client;

/// <summary>A log-in to Keystone v3 with a password or an application credential. The token is in memory only.</summary>
internal sealed class KeystoneSession(CloudSettings settings, HttpClient http)
{
    private string? token;
    private string? projectId;
    private JsonElement catalog;

    /// <summary>Returns the token; null if the service needs none.</summary>
    public async Task<string?> TokenAsync(CancellationToken cancellationToken)
    {
        if (settings.AuthUrl is not null && token is null)
        {
            await LogInAsync(cancellationToken);
        }

        return token;
    }

    /// <summary>Forgets a token that the service no longer accepts. Returns false if another log-in would not help.</summary>
    public bool Forget()
    {
        var had = token is not null;
        token = null;
        return had;
    }

    /// <summary>Returns the address of the image-backup API, which ends with the project.</summary>
    public async Task<Uri> BackupsAsync(CancellationToken cancellationToken)
    {
        var project = await ProjectIdAsync(cancellationToken);
        return settings.Endpoint is null && settings.AuthUrl is not null
            ? Endpoint("volumev3", "block-storage")
            : new Uri($"{(settings.Endpoint ?? CloudSettings.DefaultEndpoint).TrimEnd('/')}/v3/{project}/");
    }

    /// <summary>Returns the address of the image API.</summary>
    public async Task<Uri> ImagesAsync(CancellationToken cancellationToken)
    {
        _ = await TokenAsync(cancellationToken);
        return settings.Endpoint is null && settings.AuthUrl is not null
            ? Endpoint("image")
            : new Uri($"{(settings.Endpoint ?? CloudSettings.DefaultEndpoint).TrimEnd('/')}/");
    }

    private async Task<string> ProjectIdAsync(CancellationToken cancellationToken)
    {
        _ = await TokenAsync(cancellationToken);
        return projectId ?? settings.ProjectId ?? CloudSettings.DefaultProjectId;
    }

    private Uri Endpoint(params string[] types)
    {
        foreach (var service in catalog.EnumerateArray().Where(service => types.Contains(service.GetProperty("type").GetString())))
        {
            foreach (var endpoint in service.GetProperty("endpoints").EnumerateArray())
            {
                if (endpoint.GetProperty("interface").GetString() == "public" && (settings.RegionName is null || endpoint.GetProperty("region").GetString() == settings.RegionName))
                {
                    return new Uri(endpoint.GetProperty("url").GetString()!.TrimEnd('/') + "/");
                }
            }
        }

        throw new CloudSettingsException($"The catalog has no public endpoint of the type {string.Join(" or ", types)}{(settings.RegionName is { } region ? $" in the region {region}" : "")}. Set the address of the service.");
    }

    private async Task LogInAsync(CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(new Uri($"{settings.AuthUrl!.TrimEnd('/')}{(settings.AuthUrl.Contains("/v3", StringComparison.Ordinal) ? "" : "/v3")}/auth/tokens"), Body(), cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Created)
        {
            throw await Refusal.OfAsync(answer, cancellationToken);
        }

        var document = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        var body = document.GetProperty("token");
        token = answer.Headers.GetValues("X-Subject-Token").Single();
        catalog = body.TryGetProperty("catalog", out var found) ? found : JsonElement.Parse("[]");
        projectId = body.TryGetProperty("project", out var project) ? project.GetProperty("id").GetString() : null;
    }

    private JsonObject Body()
    {
        if (settings.ApplicationCredentialSecret is { } secret)
        {
            var credential = new JsonObject { ["secret"] = secret };
            if (settings.ApplicationCredentialId is { } id)
            {
                credential["id"] = id;
            }
            else
            {
                credential["name"] = settings.ApplicationCredentialName ?? throw new CloudSettingsException("application_credential_secret needs application_credential_id or application_credential_name.");
                credential["user"] = User();
            }

            return Identity("application_credential", credential, scope: null);
        }

        var user = User();
        user["password"] = settings.Password ?? throw new CloudSettingsException("auth_url needs a password, or an application credential: set OS_PASSWORD, or OS_APPLICATION_CREDENTIAL_ID and OS_APPLICATION_CREDENTIAL_SECRET.");
        var named = settings.ProjectId is { } project
            ? new JsonObject { ["id"] = project }
            : new JsonObject { ["name"] = settings.ProjectName ?? throw new CloudSettingsException("A password needs a project: set OS_PROJECT_NAME or OS_PROJECT_ID."), ["domain"] = Domain(settings.ProjectDomainName, settings.ProjectDomainId) };
        return Identity("password", new JsonObject { ["user"] = user }, new JsonObject { ["project"] = named });
    }

    private JsonObject User() => settings.UserId is { } id
        ? new JsonObject { ["id"] = id }
        : new JsonObject { ["name"] = settings.Username ?? throw new CloudSettingsException("auth_url needs a user: set OS_USERNAME or OS_USER_ID."), ["domain"] = Domain(settings.UserDomainName, settings.UserDomainId) };

    private static JsonObject Domain(string? name, string? id) => name is not null ? new JsonObject { ["name"] = name } : new JsonObject { ["id"] = id ?? "default" };

    private static JsonObject Identity(string method, JsonObject values, JsonObject? scope)
    {
        var auth = new JsonObject { ["identity"] = new JsonObject { ["methods"] = new JsonArray(method), [method] = values } };
        if (scope is not null)
        {
            auth["scope"] = scope;
        }

        return new JsonObject { ["auth"] = auth };
    }
}
