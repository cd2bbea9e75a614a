using ImageBackup.Core.ObjectStorage;

namespace ImageBackup.Core.Tests.ObjectStorage;

public sealed class DirectoryObjectTransferTests : ObjectTransferConformance
{
    protected override Task<(IObjectStore Store, string Bucket)> OpenAsync()
    {
        var root = Path.Combine(Directory, "cos");
        System.IO.Directory.CreateDirectory(Path.Combine(root, "bucket-1"));
        return Task.FromResult<(IObjectStore, string)>((new DirectoryObjectStore(root), "bucket-1"));
    }
}
