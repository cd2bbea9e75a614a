using ImageBackup.Core.Flows;

namespace ImageBackup.Api.Emulator;

/// <summary>A fault on the wire.</summary>
internal sealed record FaultView(int Id, string Task, double At, string Action, long? BytesPerSecond, int? Times, int? Left, string Message)
{
    public static FaultView For(InjectedFault fault)
    {
        var isThrottle = fault.Action == FaultAction.Throttle;
        return new FaultView(
            fault.Id,
            fault.Task,
            fault.At,
            fault.Action.ToString().ToLowerInvariant(),
            isThrottle ? fault.BytesPerSecond : null,
            isThrottle ? null : fault.Times,
            isThrottle ? null : Math.Max(0, fault.Left),
            fault.Message);
    }
}

/// <summary>The envelope of one.</summary>
internal sealed record FaultResponse(FaultView Fault);

/// <summary>The envelope of all.</summary>
internal sealed record FaultsResponse(IReadOnlyList<FaultView> Faults);
