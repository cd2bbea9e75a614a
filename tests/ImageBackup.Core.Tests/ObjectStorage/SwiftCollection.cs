using ImageBackup.TestSupport;

namespace ImageBackup.Core.Tests.ObjectStorage;

/// <summary>One real S3 server for every test that wants one.</summary>
[CollectionDefinition(Name)]
public sealed class SwiftCollection : ICollectionFixture<SwiftFixture>
{
    public const string Name = "swift";
}

public sealed class SwiftFixture : IAsyncLifetime
{
    public SwiftServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await SwiftServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
