using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ImageBackup.Api.Http;
using ImageBackup.Core.Flows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Emulator;

/// <summary>POST /emulator/faults</summary>
internal static class AddFault
{
    private const string Envelope = "fault";

    /// <summary>The fault to inject into tasks.</summary>
    [Envelope(Envelope)]
    [BodyExample("Slow exports down to 4 MiB a second", """{"fault": {"task": "backup_vol_*", "at": 0, "action": "throttle", "bytes_per_second": 4194304}}""")]
    internal sealed record AddFaultRequest
    {
        /// <summary>The names of the affected tasks; * stands for any text.</summary>
        /// <example>backup_vol_*</example>
        [StringLength(255, MinimumLength = 1)]
        public required string Task { get; init; }

        /// <summary>How much of the task is done when the fault strikes: from 0, before it starts, to 1, before its result is recorded.</summary>
        /// <example>0</example>
        [DefaultValue(0d)]
        [Range(0, 1)]
        public double At { get; init; }

        /// <summary>fail: the task fails. stall: the task waits until the fault is removed. throttle: the task is slowed down. exit: the service's process ends at once.</summary>
        /// <example>throttle</example>
        [AllowedWords(typeof(FaultAction))]
        public required string Action { get; init; }

        /// <summary>With throttle, which requires it: the rate in bytes per second.</summary>
        /// <example>4194304</example>
        [Range(typeof(long), "1", "9223372036854775807")]
        public long? BytesPerSecond { get; init; }

        /// <summary>How often the fault strikes. A throttle always applies.</summary>
        /// <example>1</example>
        [DefaultValue(1)]
        [Range(1, int.MaxValue)]
        public int Times { get; init; }

        /// <summary>The failure reason of a failed task.</summary>
        /// <example>An injected fault</example>
        [DefaultValue("An injected fault")]
        [StringLength(255)]
        public string Message { get; init; } = "";
    }

    public static Created<Enveloped<FaultResponse>> Handle(Body<AddFaultRequest> body, FaultInjector faults)
        => Enveloped.Created(FaultResponse.Of(faults.Add(Parse(body.Value))));

    private static Func<int, InjectedFault> Parse(AddFaultRequest request)
    {
        var action = Enum.Parse<FaultAction>(request.Action, ignoreCase: true);
        var bytesPerSecond = request.BytesPerSecond ?? (action == FaultAction.Throttle ? throw InvalidField.Missing("bytes_per_second", Envelope) : 0);
        return id => new InjectedFault(id, request.Task, request.At, action, bytesPerSecond, request.Times, request.Message);
    }
}
