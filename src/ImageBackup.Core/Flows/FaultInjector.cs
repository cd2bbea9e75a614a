using System.IO.Enumeration;

namespace ImageBackup.Core.Flows;

/// <summary>The faults that <c>/emulator/faults</c> puts in the way of tasks; without any it costs one comparison.</summary>
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

    /// <summary>Removes one fault; false where there is none of that id.</summary>
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

    /// <summary>Called wherever a task passes a point of its work: <paramref name="fraction"/> of it is done.</summary>
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
