namespace ImageBackup.Core.Settings;

/// <summary>Section <c>ImageBackup:Cluster</c>: what the processes on one PostgreSQL server share.</summary>
public sealed class ClusterOptions
{
    public const string Section = ImageBackupOptions.Section + ":Cluster";

    /// <summary>Encrypts the keys in the database. The same in all processes, at least 32 characters. <see cref="SecretFile"/> names a file that holds it instead.</summary>
    public string? Secret { get; set; }

    public string? SecretFile { get; set; }

    /// <summary>The name of this process among the services; the name of the machine when empty.</summary>
    public string? Host { get; set; }

    /// <summary>The name of this process among the services.</summary>
    public string HostName => string.IsNullOrWhiteSpace(Host) ? Environment.MachineName : Host;

    /// <summary>The secret, given or not.</summary>
    internal SecretSetting Setting => new(Section, nameof(Secret), Secret, SecretFile);
}
