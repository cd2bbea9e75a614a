using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ImageBackup.Api.Swagger;

// A fault as the document shows it; AddFault reads it.

/// <summary>A fault that the emulator puts in the way of tasks.</summary>
internal sealed class FaultDocument
{
    /// <summary>The fault.</summary>
    [Required]
    public FaultDocumentFields Fault { get; init; } = new();
}

/// <summary>What happens to which tasks.</summary>
internal sealed class FaultDocumentFields
{
    /// <summary>Which tasks: their name, where * stands for anything.</summary>
    /// <example>backup_vol_*</example>
    [Required]
    public string Task { get; init; } = "";

    /// <summary>How much of the task is done when it strikes: 0, before it begins, to 1, before it is recorded.</summary>
    /// <example>0</example>
    [DefaultValue(0)]
    [Range(0, 1)]
    public double? At { get; init; }

    /// <summary>fail: it fails. stall: it waits until the fault is removed. throttle: it goes on slowly. exit: the process ends at once.</summary>
    /// <example>throttle</example>
    [Required]
    [AllowedValues("fail", "stall", "throttle", "exit")]
    public string Action { get; init; } = "";

    /// <summary>Bytes per second; with throttle, which needs it.</summary>
    /// <example>4194304</example>
    public long? BytesPerSecond { get; init; }

    /// <summary>How often it strikes; not with throttle.</summary>
    /// <example>1</example>
    [DefaultValue(1)]
    public int? Times { get; init; }

    /// <summary>What a failed task says.</summary>
    /// <example>An injected fault</example>
    [DefaultValue("An injected fault")]
    public string? Message { get; init; }
}
