namespace ImageBackup.Core.Quotas;

/// <summary>A quota of a project.</summary>
/// <param name="Limit">The most that the project may have; -1 for no limit.</param>
/// <param name="InUse">What the project has.</param>
public sealed record Quota(int Limit, long InUse)
{
    /// <summary>The limit of a project for which nobody has set one.</summary>
    public const int NoLimit = -1;
}
