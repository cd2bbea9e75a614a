namespace ImageBackup.TestSupport;

/// <summary>One Swift server for all tests of an assembly. The first test that asks for it starts it; where it is not installed, only those tests are skipped.</summary>
public sealed class SharedSwift : IAsyncDisposable
{
    private readonly Lazy<Task<SwiftServer>> server = new(SwiftServer.StartAsync);

    /// <summary>Returns the running server.</summary>
    public Task<SwiftServer> ServerAsync() => server.Value;

    public async ValueTask DisposeAsync()
    {
        if (server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await server.Value).DisposeAsync();
        }
    }
}
