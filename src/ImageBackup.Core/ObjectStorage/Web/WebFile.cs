using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using ImageBackup.Core.ObjectStorage.Calls;
using ImageBackup.Disks;
using ImageBackup.Ova;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Core.ObjectStorage.Web;

/// <summary>
/// A file at a URL, copied in ranges. After a cut connection, the next request goes on at the byte that was reached. A file of a server without ranges, or
/// without an ETag and a time of change, is copied as a whole and starts anew.
/// </summary>
public sealed class WebFile : IDownloadSource
{
    private const int BufferSize = 256 << 10;
    private const int Piece = 64 << 10;

    private readonly Uri url;
    private readonly WebClient client;
    private readonly StoreCalls calls;

    internal WebFile(Uri url, WebClient client, StoreCalls calls) => (this.url, this.client, this.calls) = (url, client, calls);

    public string Description => $"File {WebClient.Describe(url)}";

    /// <summary>The last part of the URL's path.</summary>
    public string Name => Uri.UnescapeDataString(url.Segments[^1]).Trim('/');

    public Task<StoredObject> HeadAsync(CancellationToken cancellationToken) => calls.RunAsync(Description, InspectAsync, cancellationToken);

    /// <summary>Returns what <see cref="HeadAsync"/> returns, and asks the server only once.</summary>
    public Task<StoredObject> FindAsync(CancellationToken cancellationToken) => calls.RunOnceAsync(Description, InspectAsync, cancellationToken);

    public async Task GetRangeAsync(string etag, FileRange range, SafeFileHandle target, OvaProgress progress, CancellationToken cancellationToken)
    {
        for (var reached = range.Offset; reached < range.End;)
        {
            // A request that was cut after it moved bytes is not a failed attempt.
            await calls.RunAsync(
                Description,
                async attempt =>
                {
                    var start = reached = etag.Length > 0 ? reached : Restart(target, range);
                    try
                    {
                        await CopyAsync(etag, new FileRange(start, range.End - start), target, attempt, OnBytesAsync);
                    }
                    catch (Exception cut) when (etag.Length > 0 && reached >= start + BufferSize && cut is IOException or HttpRequestException && attempt.LocalFailure is null)
                    {
                    }

                    return reached;
                },
                cancellationToken);

            ValueTask OnBytesAsync(long end)
            {
                reached = end;
                return progress(end - range.Offset, cancellationToken);
            }
        }
    }

    /// <summary>Removes the bytes of an earlier attempt, because zeros are not written over them.</summary>
    private static long Restart(SafeFileHandle target, FileRange range)
    {
        RandomAccess.SetLength(target, 0);
        RandomAccess.SetLength(target, range.Length);
        return 0;
    }

    /// <summary>Asks for the first byte: servers of signed URLs refuse HEAD, and the answer shows whether ranges work.</summary>
    private async Task<StoredObject> InspectAsync(StoreAttempt attempt)
    {
        using var answer = await client.GetAsync(url, new FileRange(0, 1), ifRange: null, attempt.Token);
        var size = answer.StatusCode switch
        {
            HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable => answer.Content.Headers.ContentRange?.Length,
            HttpStatusCode.OK => answer.Content.Headers.ContentLength,
            _ => throw WebErrors.From(answer.StatusCode, Description),
        };
        return new StoredObject(
            Name,
            size ?? throw new ObjectStoreException(ObjectStoreError.Refused, $"{Description}: the server does not tell the size. Use a server that sends Content-Length."),
            answer.StatusCode == HttpStatusCode.PartialContent ? ETagOf(answer) : "",
            (answer.Content.Headers.LastModified ?? DateTimeOffset.UnixEpoch).UtcDateTime,
            new Dictionary<string, string>());
    }

    private async Task CopyAsync(string etag, FileRange range, SafeFileHandle target, StoreAttempt attempt, Func<long, ValueTask> onBytesAsync)
    {
        var inRanges = etag.Length > 0;
        using var answer = await client.GetAsync(url, inRanges ? range : null, inRanges ? ConditionOf(etag) : null, attempt.Token);
        RequireSame(answer, etag, range);
        await using var body = await answer.Content.ReadAsStreamAsync(attempt.Token);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (var offset = range.Offset; offset < range.End;)
            {
                attempt.Touch();
                var wanted = (int)Math.Min(BufferSize, range.End - offset);
                var read = await body.ReadAsync(buffer.AsMemory(0, wanted), attempt.Token);
                if (read == 0)
                {
                    throw new HttpIOException(HttpRequestError.ResponseEnded, $"the answer ended at byte {offset} of {range.End}");
                }

                offset = await attempt.RunLocallyAsync(async () =>
                {
                    Zeros.WriteData(target, buffer.AsSpan(0, read), offset, Piece);
                    await onBytesAsync(offset + read);
                    return offset + read;
                });
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void RequireSame(HttpResponseMessage answer, string etag, FileRange range)
    {
        var isExpected = etag.Length > 0
            ? answer.StatusCode == HttpStatusCode.PartialContent && ETagOf(answer) == etag && answer.Content.Headers.ContentRange?.From == range.Offset
            : answer.StatusCode == HttpStatusCode.OK && answer.Content.Headers.ContentLength == range.Length;
        if (!isExpected)
        {
            throw answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable
                ? new ObjectStoreException(ObjectStoreError.Changed, $"{Description} has changed since the download began. Start the import again.")
                : WebErrors.From(answer.StatusCode, Description);
        }
    }

    /// <summary>Returns what identifies the content: size, and ETag or time of change. Empty without either.</summary>
    private static string ETagOf(HttpResponseMessage answer)
    {
        var content = answer.Content.Headers;
        var validator = answer.Headers.ETag?.ToString() ?? content.LastModified?.ToString("R");
        return validator is null ? "" : $"{content.ContentRange?.Length} {validator}";
    }

    /// <summary>Returns the condition of a request; null for a weak ETag, which If-Range does not accept. The ETags of the answers are compared as well.</summary>
    private static RangeConditionHeaderValue? ConditionOf(string etag)
        => RangeConditionHeaderValue.TryParse(etag[(etag.IndexOf(' ') + 1)..], out var condition) && condition.EntityTag?.IsWeak != true ? condition : null;
}
