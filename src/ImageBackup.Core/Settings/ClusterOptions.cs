using System.ComponentModel.DataAnnotations;

namespace ImageBackup.Core.Settings;

/// <summary>Section <c>ImageBackup:Cluster</c>: what the processes on one PostgreSQL server share.</summary>
public sealed class ClusterOptions
{
    public const string Section = ImageBackupOptions.Section + ":Cluster";

    /// <summary>Encrypts the keys in the database. The same in all processes, at least 32 characters. <see cref="SecretFile"/> names a file that holds it instead.</summary>
    public string? Secret { get; set; }

    public string? SecretFile { get; set; }

    /// <summary>The name of this process among the services; the name of the machine when empty.</summary>
    [StringLength(255)]
    public string? Host { get; set; }

    /// <summary><c>all</c>: answers requests and runs operations. <c>api</c>: only answers requests. <c>worker</c>: only runs operations of <see cref="Nodes"/>.</summary>
    [Required]
    [RegularExpression("^(?i:all|api|worker)$", ErrorMessage = "all, api or worker")]
    public string Role { get; set; } = "all";

    /// <summary>The <c>backup_node_id</c>s whose operations this process runs; all when empty.</summary>
    public IList<string> Nodes { get; init; } = [];

    /// <summary>After this time without a report, other processes take over the operations of this one. Seconds by the clock of the database.</summary>
    [Range(3, 600)]
    public int LeaseSeconds { get; set; } = 30;

    /// <summary>True if this process answers the requests of clients.</summary>
    public bool IsApi => !Is("worker");

    /// <summary>True if this process runs operations.</summary>
    public bool IsWorker => !Is("api");

    /// <summary>The kind of this process: PowerVC's cinder-backup runs operations on its backup node.</summary>
    internal string Binary => IsWorker ? "cinder-backup" : "imagebackup-api";

    internal TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);

    /// <summary>The name of this process among the services.</summary>
    public string HostName => string.IsNullOrWhiteSpace(Host) ? Environment.MachineName : Host;

    /// <summary>The secret, given or not.</summary>
    internal SecretSetting Setting => new(Section, nameof(Secret), Secret, SecretFile);

    private bool Is(string role) => string.Equals(Role, role, StringComparison.OrdinalIgnoreCase);
}
