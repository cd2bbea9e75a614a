namespace ImageBackup.Core.Persistence;

/// <summary>A process of the service (Cinder's service).</summary>
public sealed class ServiceRecord
{
    public int Id { get; init; }

    /// <summary>The kind of process: <c>cinder-backup</c> takes log books, <c>imagebackup-api</c> only answers requests.</summary>
    public required string Binary { get; init; }

    /// <summary>The machine, or another name that the settings give.</summary>
    public required string Host { get; set; }

    /// <summary>The backup nodes whose log books it takes, by <c>backup_node_id</c>, with commas between them; empty for all.</summary>
    public string Nodes { get; set; } = "";

    /// <summary>Grows with each start, and each time that the process has lost its lease.</summary>
    public required int Incarnation { get; set; }

    /// <summary>The version of the program.</summary>
    public required string Version { get; set; }

    /// <summary>The most operations at once.</summary>
    public required int Slots { get; set; }

    /// <summary>True if the service finishes what it has and takes nothing new.</summary>
    public bool IsDisabled { get; set; }

    public string? DisabledReason { get; set; }

    public required DateTime ReportedAt { get; set; }

    /// <summary>When other processes may take its log books, by the database's clock; null with SQLite, which one process uses.</summary>
    public DateTime? LeaseEndsAt { get; set; }
}
