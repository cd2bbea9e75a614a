using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;

namespace ImageBackup.Testcontainers;

/// <summary>The configuration of an <see cref="ImageBackupContainer"/>.</summary>
public sealed class ImageBackupConfiguration : ContainerConfiguration
{
    /// <summary>A configuration with a user of the embedded Keystone, or without one.</summary>
    public ImageBackupConfiguration(string? username = null, string? password = null)
    {
        Username = username;
        Password = password;
    }

    /// <summary>Takes over what any resource has.</summary>
    public ImageBackupConfiguration(IResourceConfiguration<CreateContainerParameters> resource)
        : base(resource)
    {
    }

    /// <summary>Takes over what any container has.</summary>
    public ImageBackupConfiguration(IContainerConfiguration container)
        : base(container)
    {
    }

    /// <summary>Merges two configurations; the newer value counts.</summary>
    public ImageBackupConfiguration(ImageBackupConfiguration older, ImageBackupConfiguration newer)
        : base(older, newer)
    {
        Username = BuildConfiguration.Combine(older.Username, newer.Username);
        Password = BuildConfiguration.Combine(older.Password, newer.Password);
    }

    /// <summary>The user of the embedded Keystone; null if the service needs no token.</summary>
    public string? Username { get; }

    /// <summary>The user's password.</summary>
    public string? Password { get; }
}
