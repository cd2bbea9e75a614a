using ImageBackup.TestSupport;

namespace ImageBackup.Core.Tests.ObjectStorage;

/// <summary>One real S3 server for all tests that need one.</summary>
[CollectionDefinition(Name)]
public sealed class SwiftCollection : ICollectionFixture<SharedSwift>
{
    public const string Name = "swift";
}
