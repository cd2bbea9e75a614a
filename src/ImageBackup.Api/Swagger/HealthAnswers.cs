namespace ImageBackup.Api.Swagger;

// Health as the document shows it; HealthRoutes writes it.

/// <summary>The process answers.</summary>
internal sealed class HealthAnswer
{
    /// <summary>Always false.</summary>
    /// <example>false</example>
    public bool Detailed { get; init; }

    /// <summary>Always OK.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];
}

/// <summary>What the service needs, and whether it is there.</summary>
internal sealed class ReadinessAnswer
{
    /// <summary>True where all of it is there.</summary>
    /// <example>true</example>
    public bool Ready { get; init; }

    /// <summary>OK or what is wrong, for database, disk and object_store.</summary>
    public Dictionary<string, string> Checks { get; init; } = [];

    /// <summary>What it works with.</summary>
    public ReadinessDetails Details { get; init; } = new();
}

/// <summary>What the service works with.</summary>
internal sealed class ReadinessDetails
{
    /// <summary>The compressor: isa-l, libdeflate or the runtime's own.</summary>
    /// <example>isa-l</example>
    public string DeflateEngine { get; init; } = "";

    /// <summary>The same in words.</summary>
    /// <example>Fast by Intel ISA-L (libisal.so.2) at level 1; gzip by libdeflate at level 6</example>
    public string DeflateEngineDescription { get; init; } = "";
}
