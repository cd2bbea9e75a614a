using ImageBackup.Core.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Core.Flows;

/// <summary>The registered actions, by name.</summary>
public sealed class FlowActions(IEnumerable<FlowAction> actions)
{
    private readonly Dictionary<string, FlowAction> byName = actions.ToDictionary(action => action.Name, StringComparer.Ordinal);

    /// <summary>The names of the quick actions. Every other name belongs to <see cref="WorkerPool.Copies"/>.</summary>
    public IReadOnlyList<string> Quick => [.. byName.Values.Where(action => action.Workers == WorkerPool.Quick).Select(action => action.Name)];

    /// <summary>Makes the operation of a log book from its state.</summary>
    /// <exception cref="InvalidDataException">This version does not know the action.</exception>
    /// <exception cref="System.Text.Json.JsonException">This version cannot read the state.</exception>
    public FlowOperation Load(string action, string state) => byName.TryGetValue(action, out var found)
        ? found.Load(state)
        : throw new InvalidDataException($"The action '{action}' is unknown.");
}

/// <summary>Registers actions.</summary>
public static class FlowActionRegistration
{
    /// <summary>Registers an operation by the name of its action. Services supply the constructor parameters other than the state.</summary>
    public static IServiceCollection AddFlowAction<TOperation, TState>(this IServiceCollection services, string name, WorkerPool workers = WorkerPool.Copies)
        where TOperation : FlowOperation<TState>
        where TState : class
    {
        var create = ActivatorUtilities.CreateFactory<TOperation>([typeof(TState)]);
        return services.AddSingleton(provider => new FlowAction(name, workers, state => create(provider, [StoredJson.Read<TState>(state)])));
    }
}
