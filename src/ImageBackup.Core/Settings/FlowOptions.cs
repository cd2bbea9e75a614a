using System.ComponentModel.DataAnnotations;

namespace ImageBackup.Core.Settings;

/// <summary>Section <c>ImageBackup:Flows</c>: how much work runs at once.</summary>
public sealed class FlowOptions
{
    public const string Section = ImageBackupOptions.Section + ":Flows";

    /// <summary>
    /// Most operations at once. Other operations wait in the database. The project with the fewest running operations goes first; within a project, first come,
    /// first served.
    /// </summary>
    [Range(1, 256)]
    public int MaxConcurrent { get; set; } = Environment.ProcessorCount;

    /// <summary>Most operations of one backup node at once; 0 for no limit.</summary>
    [Range(0, 10_000)]
    public int MaxPerNode { get; set; }

    /// <summary>Most operations of one project at once; 0 for no limit.</summary>
    [Range(0, 10_000)]
    public int MaxPerProject { get; set; }

    /// <summary>MiB of buffers for one volume.</summary>
    [Range(4, 4096)]
    public int MemoryMiB { get; set; } = 64;

    /// <summary>Threads that hash and compress one volume at the same time. Further threads read and write meanwhile.</summary>
    [Range(1, 256)]
    public int Workers { get; set; } = Environment.ProcessorCount;
}
