namespace ImageBackup.Core.Persistence;

/// <summary>A quota that an administrator has set for a project.</summary>
public sealed class QuotaRecord
{
    public required string ProjectId { get; init; }

    /// <summary>Cinder's word, such as <c>volumes</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>The most that the project may have; -1 for no limit.</summary>
    public required int Limit { get; set; }
}
