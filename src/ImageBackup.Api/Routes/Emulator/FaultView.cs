using ImageBackup.Core.Flows;

namespace ImageBackup.Api.Routes.Emulator;

/// <summary>A fault on the wire.</summary>
/// <param name="Id" example="1">The id.</param>
/// <param name="Task" example="backup_vol_*">Which tasks: their name, where * stands for anything.</param>
/// <param name="At" example="0">How much of the task is done when it strikes, from 0 to 1.</param>
/// <param name="Action" example="throttle">fail, stall, throttle or exit.</param>
/// <param name="BytesPerSecond" example="4194304">Bytes a second of a throttle; null for the others.</param>
/// <param name="Times">How often it strikes; null for a throttle, which does always.</param>
/// <param name="Left">How often it will still strike; null for a throttle.</param>
/// <param name="Message" example="An injected fault">What a failed task says.</param>
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
/// <param name="Fault">The fault.</param>
internal sealed record FaultResponse(FaultView Fault);

/// <summary>The envelope of all.</summary>
/// <param name="Faults">The faults that are set.</param>
internal sealed record FaultsResponse(IReadOnlyList<FaultView> Faults);
