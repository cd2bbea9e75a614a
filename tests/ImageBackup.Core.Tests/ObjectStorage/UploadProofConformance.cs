using ImageBackup.Core.ObjectStorage;
using ImageBackup.TestSupport;

namespace ImageBackup.Core.Tests.ObjectStorage;

/// <summary>An upload stores a file with its recorded SHA-256, or nothing. The tests of each store derive from this class.</summary>
public abstract class UploadProofConformance : StoreTest
{
    /// <summary>Four parts, the last one short.</summary>
    private static readonly byte[] Archive = Content.Random((3 * PartSize) + 54_321);

    protected UploadProofConformance() => Options.ParallelParts = 1;

    [Theory]
    [InlineData(1000)]
    [InlineData((3 * PartSize) + 1)]
    public async Task A_file_that_was_changed_before_is_not_stored(int length)
    {
        var content = Content.Random(length);
        var upload = Recorded(content);
        Flip(upload.FilePath, length / 2);

        var failure = await Assert.ThrowsAsync<FileChangedException>(() => Transfer.UploadAsync(upload, Ignore, CancellationToken.None));

        Assert.Contains(Digests.Sha256(content), failure.Message, StringComparison.Ordinal);
        await AssertNothingStoredAsync();
    }

    [Theory]
    [InlineData(PartSize + Mebibyte, 4 * Mebibyte)]
    [InlineData(PartSize + Mebibyte, 2 * PartSize)]
    public async Task A_file_that_changes_during_its_upload_is_not_stored(long when, long ahead)
    {
        // The first byte is in a part that was hashed and is being sent, the second one in a part that follows.
        var upload = Recorded(Archive);

        await Assert.ThrowsAsync<FileChangedException>(() => Transfer.UploadAsync(upload, At(when, () => Flip(upload.FilePath, PartSize + ahead)), CancellationToken.None));

        await AssertNothingStoredAsync();
    }

    [Fact]
    public async Task A_file_that_is_truncated_during_its_upload_is_not_stored()
    {
        var upload = Recorded(Archive);

        await Assert.ThrowsAsync<EndOfStreamException>(
            () => Transfer.UploadAsync(upload, At(PartSize, () => Truncate(upload.FilePath, 2 * PartSize)), CancellationToken.None));

        await AssertNothingStoredAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData((3 * PartSize) + 1)]
    public async Task A_file_that_was_changed_between_two_attempts_is_not_stored(long place)
    {
        var upload = await InterruptedAsync(Recorded(Archive));
        Flip(upload.FilePath, place);

        await Assert.ThrowsAsync<FileChangedException>(() => Transfer.UploadAsync(upload, Ignore, CancellationToken.None));

        await AssertNothingStoredAsync();
    }

    [Fact]
    public async Task A_file_that_was_truncated_between_two_attempts_is_not_stored()
    {
        var upload = await InterruptedAsync(Recorded(Archive));
        Truncate(upload.FilePath, 2 * PartSize);

        await Assert.ThrowsAsync<FileChangedException>(() => Transfer.UploadAsync(upload, Ignore, CancellationToken.None));

        await AssertNothingStoredAsync();
    }

    [Fact]
    public async Task A_part_that_an_earlier_attempt_sent_with_other_bytes_never_becomes_part_of_the_object()
    {
        var upload = Recorded(Archive);
        Flip(upload.FilePath, 17);
        upload = await InterruptedAsync(upload);
        Flip(upload.FilePath, 17);

        await Transfer.UploadAsync(upload, Ignore, CancellationToken.None);

        Assert.Equal(Archive, await GetAsync(upload.Key));
        await AssertNothingLeftAsync();
    }

    private ObjectUpload Recorded(byte[] content) => Upload("archive.ova", WriteFile(content), new BackupMetadata(Digests.Sha256(content), "7", "name", "image"));

    /// <summary>Cancels a first attempt after two parts, and returns the upload with what this attempt saved.</summary>
    private async Task<ObjectUpload> InterruptedAsync(ObjectUpload upload)
    {
        UploadResume? saved = null;
        using var progress = new RecordedProgress { CancelAt = 2 * PartSize };
        var first = upload with
        {
            SaveResume = (state, _) =>
            {
                saved = state;
                return Task.CompletedTask;
            },
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transfer.UploadAsync(first, progress.ReportAsync, progress.Token));
        return upload with { Resume = saved };
    }

    private async Task AssertNothingStoredAsync()
    {
        await AssertNothingLeftAsync();
        Assert.Empty(await KeysAsync());
    }

    /// <summary>Returns a listener that acts once.</summary>
    private static Ova.OvaProgress At(long bytes, Action act)
    {
        var done = false;
        return (reached, _) =>
        {
            if (reached >= bytes && !done)
            {
                done = true;
                act();
            }

            return ValueTask.CompletedTask;
        };
    }

    /// <summary>Changes one byte. The file keeps its time of change, as with bytes that rot on the disk.</summary>
    private static void Flip(string path, long place) => KeepTime(path, file =>
    {
        file.Position = place;
        var before = file.ReadByte();
        file.Position = place;
        file.WriteByte((byte)~before);
    });

    private static void Truncate(string path, long length) => KeepTime(path, file => file.SetLength(length));

    private static void KeepTime(string path, Action<FileStream> change)
    {
        var time = File.GetLastWriteTimeUtc(path);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            change(file);
        }

        File.SetLastWriteTimeUtc(path, time);
    }
}
