using ImageBackup.Core.Flows;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.TestSupport;

/// <summary>Injects faults into tasks of a service in the same process.</summary>
public static class FlowFaults
{
    public const string Message = "the disk fell off the wall";

    /// <summary>The next matching task fails when the fraction <paramref name="at"/> of it is done.</summary>
    public static InjectedFault Fail(this ServiceFixture service, string task, double at) => service.Add(task, at, FaultAction.Fail, 0);

    /// <summary>The next matching task stalls when the fraction <paramref name="at"/> of it is done.</summary>
    public static InjectedFault Stall(this ServiceFixture service, string task, double at) => service.Add(task, at, FaultAction.Stall, 0);

    /// <summary>Limits the rate of matching tasks.</summary>
    public static InjectedFault Throttle(this ServiceFixture service, string task, long bytesPerSecond) => service.Add(task, 0, FaultAction.Throttle, bytesPerSecond);

    public static void ClearFaults(this ServiceFixture service) => service.Services.GetRequiredService<FaultInjector>().Clear();

    /// <summary>Waits until the injected fault has taken effect.</summary>
    public static Task StruckAsync(this InjectedFault fault)
        => Polling.UntilAsync($"{fault.Action} of {fault.Task}", () => Task.FromResult(fault.Left <= 0));

    private static InjectedFault Add(this ServiceFixture service, string task, double at, FaultAction action, long bytesPerSecond)
        => service.Services.GetRequiredService<FaultInjector>().Add(id => new InjectedFault(id, task, at, action, bytesPerSecond, 1, Message));
}
