namespace ImageBackup.Core.Persistence;

/// <summary>A storage template (Cinder's volume type).</summary>
public sealed class VolumeTypeRecord
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    public string? Description { get; set; }

    /// <summary>True for the template of requests that name none. Exactly one template is the default.</summary>
    public bool IsDefault { get; set; }

    public bool IsPublic { get; set; } = true;

    public Dictionary<string, string> ExtraSpecs { get; set; } = [];
}
