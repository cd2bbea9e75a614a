using System.IO.Enumeration;

namespace ImageBackup.Core.Flows;

/// <summary>The injected faults of <c>/emulator/faults</c>. Without faults, <see cref="PassAsync"/> costs one comparison.</summary>
public sealed class FaultInjector(TimeProvider time)
{
    private readonly Lock gate = new();
    private volatile List<InjectedFault> faults = [];
    private int lastId;

    public IReadOnlyList<InjectedFault> List() => faults;

    /// <summary>Adds a fault and returns it with its id.</summary>
    public InjectedFault Add(Func<int, InjectedFault> make)
    {
        lock (gate)
        {
            var fault = make(++lastId);
            faults = [.. faults, fault];
            return fault;
        }
    }

    /// <summary>Removes a fault. Returns false if no fault has the id.</summary>
    public bool Remove(int id)
    {
        lock (gate)
        {
            var found = faults.Find(fault => fault.Id == id);
            faults = [.. faults.Where(fault => fault != found)];
            found?.Remove();
            return found is not null;
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            faults.ForEach(fault => fault.Remove());
            faults = [];
        }
    }

    /// <summary>Applies the faults to a task that has done <paramref name="fraction"/> of its work.</summary>
    internal async ValueTask PassAsync(string taskName, double fraction, long bytesDone, CancellationToken cancellationToken)
    {
        if (faults.Count == 0)
        {
            return;
        }

        foreach (var fault in faults)
        {
            if (FileSystemName.MatchesSimpleExpression(fault.Task, taskName, ignoreCase: false))
            {
                await fault.PassAsync(taskName, fraction, bytesDone, time, cancellationToken);
            }
        }
    }
}
