using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage.Directories;

/// <summary>Computes the SHA-256 of a file behind the one who writes it: the ranges that are appended are read in the background, in their order.</summary>
internal sealed class TrailingHash(SafeFileHandle file, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private Task last = Task.CompletedTask;

    /// <summary>Appends a range that is written. The first range begins at 0, each other one where the former ends.</summary>
    public void Append(FileRange range) => last = AfterAsync(last, range);

    /// <summary>Returns the digest of all ranges in lower-case hex.</summary>
    public async Task<string> FinishAsync()
    {
        await last;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Waits until nothing reads the file any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        hash.Dispose();
    }

    private async Task AfterAsync(Task former, FileRange range)
    {
        await former;
        await Task.Run(() => RangeHash.AppendAsync(file, range, cancellationToken, hash), cancellationToken);
    }
}
