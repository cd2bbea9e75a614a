using ImageBackup.Api.Http;
using ImageBackup.Core.Flows;

namespace ImageBackup.Api.Routes.Emulator;

/// <summary>An injected fault.</summary>
/// <param name="Id" example="1">The id.</param>
/// <param name="Task" example="backup_vol_*">The names of the affected tasks; * stands for any text.</param>
/// <param name="At" example="0">How much of the task is done when the fault strikes, from 0 to 1.</param>
/// <param name="Action" example="throttle">fail, stall, throttle or exit.</param>
/// <param name="BytesPerSecond" example="4194304">With throttle: the rate in bytes per second; otherwise null.</param>
/// <param name="Times">How often the fault strikes; null for throttle, which always applies.</param>
/// <param name="Left">How often the fault will still strike; null for throttle.</param>
/// <param name="Message" example="An injected fault">The failure reason of a failed task.</param>
[Envelope("fault")]
internal sealed record FaultResponse(int Id, string Task, double At, string Action, long? BytesPerSecond, int? Times, int? Left, string Message)
{
    public static FaultResponse Of(InjectedFault fault)
    {
        var isThrottle = fault.Action == FaultAction.Throttle;
        return new FaultResponse(
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
