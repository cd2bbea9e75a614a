namespace ImageBackup.Core.Persistence;

/// <summary>A process that takes log books (Cinder's service).</summary>
public sealed class ServiceRecord
{
    public int Id { get; init; }

    /// <summary>The kind of process: <c>cinder-backup</c>.</summary>
    public required string Binary { get; init; }

    /// <summary>The machine, or another name that the settings give.</summary>
    public required string Host { get; set; }

    /// <summary>Grows with each start.</summary>
    public required int Incarnation { get; set; }

    /// <summary>The version of the program.</summary>
    public required string Version { get; set; }

    /// <summary>The most operations at once.</summary>
    public required int Slots { get; set; }

    /// <summary>True if the service finishes what it has and takes nothing new.</summary>
    public bool IsDisabled { get; set; }

    public string? DisabledReason { get; set; }

    public required DateTime ReportedAt { get; set; }
}
