using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>A test of flows through the API. Injected faults end with the test.</summary>
public abstract class FlowTest(ServiceFixture service) : IDisposable
{
    /// <summary>Bytes of a volume whose archive takes more than one part of an upload.</summary>
    protected const int SeveralParts = 20 << 20;

    protected ServiceFixture Service => service;

    protected BackupClient Client { get; } = new(service);

    protected ImageSeeds Seeds { get; } = new(service);

    /// <summary>The directory of the node <c>local</c>.</summary>
    protected string Node => service.Paths.BackupNode("local");

    /// <summary>The archive of a backup on the node.</summary>
    protected async Task<string> OvaOfAsync(int id) => Path.Combine(Node, (await Client.ShowAsync(id)).GetProperty("ova_name").GetString()!);

    public void Dispose()
    {
        service.ClearFaults();
        GC.SuppressFinalize(this);
    }

    /// <summary>The states of a dictionary of the progress document, by name.</summary>
    protected static Dictionary<string, string> States(JsonElement details, string part)
        => details.GetProperty(part).EnumerateObject().ToDictionary(task => task.Name, task => task.Value.GetString()!);

    /// <summary>Returns the first task whose name has this beginning.</summary>
    protected static JsonElement TaskOf(JsonElement details, string beginning)
        => details.GetProperty("tasks").EnumerateArray().First(task => task.GetProperty("name").GetString()!.StartsWith(beginning, StringComparison.Ordinal));
}
