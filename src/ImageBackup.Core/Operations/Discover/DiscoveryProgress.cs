namespace ImageBackup.Core.Operations.Discover;

/// <summary>The progress of a discovery. The lists have at most <see cref="Discovery.MostListed"/> entries each.</summary>
public sealed record DiscoveryProgress
{
    public required string BackupNodeId { get; init; }

    public required DiscoveryState State { get; init; }

    /// <summary>Number of archives on the node; 0 until they are listed.</summary>
    public required int FoundCount { get; init; }

    /// <summary>Number of archives that are done: known before, added or broken.</summary>
    public required int ReadCount { get; init; }

    public required int AddedCount { get; init; }

    public required int BrokenCount { get; init; }

    public required IReadOnlyList<string> Found { get; init; }

    public required IReadOnlyList<AddedArchive> Added { get; init; }

    public required IReadOnlyList<BrokenArchive> Broken { get; init; }

    /// <summary>Why the discovery failed; null if it did not.</summary>
    public string? FailReason { get; init; }
}

/// <summary>The state of a discovery.</summary>
public enum DiscoveryState
{
    Running,
    Finished,
    Failed,
}

/// <summary>An archive that became an image backup.</summary>
public sealed record AddedArchive(int BackupId, string Name, string OvaName);

/// <summary>An archive that cannot be read, and the reason.</summary>
public sealed record BrokenArchive(string Name, string Reason);
