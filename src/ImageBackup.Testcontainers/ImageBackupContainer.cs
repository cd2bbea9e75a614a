using DotNet.Testcontainers.Containers;
using ImageBackup.Client;

namespace ImageBackup.Testcontainers;

/// <summary>A container of the service. <see cref="ImageBackupBuilder"/> makes it.</summary>
/// <param name="configuration">Its configuration.</param>
public sealed class ImageBackupContainer(ImageBackupConfiguration configuration) : DockerContainer(configuration)
{
    /// <summary>The address of the service on the host, without a trailing slash. The container must run.</summary>
    public Uri BaseAddress => new UriBuilder(Uri.UriSchemeHttp, Hostname, GetMappedPublicPort(ImageBackupBuilder.Port)).Uri;

    /// <summary>How a client of OpenStack's style reaches the service, and logs in to it if there is a user.</summary>
    public CloudSettings CloudSettings => configuration.Username is null
        ? new CloudSettings { Endpoint = Endpoint }
        : new CloudSettings
        {
            Endpoint = Endpoint,
            AuthUrl = $"{Endpoint}/identity/v3",
            Username = configuration.Username,
            Password = configuration.Password,
            UserDomainName = "Default",
            ProjectId = CloudSettings.DefaultProjectId,
        };

    private string Endpoint => BaseAddress.GetLeftPart(UriPartial.Authority);

    /// <summary>Returns a client of the service, which logs in by itself. The caller disposes of it.</summary>
    public ImageBackupClient CreateClient() => new(CloudSettings);
}
