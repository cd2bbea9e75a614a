using ImageBackup.Core.Backups;
using ImageBackup.Core.Persistence;
using static ImageBackup.Core.Persistence.BackupStatus;

namespace ImageBackup.Core.Tests.Backups;

public sealed class BackupTransitionsTests
{
    /// <summary>Every allowed pair a second time, so that a change of the table fails the test.</summary>
    private static readonly Dictionary<BackupStatus, BackupStatus[]> Permitted = new()
    {
        [CreatingBackup] = [Available, Uploading, Error, Deleting],
        [Uploading] = [Uploaded, UploadFailed, Error, Deleting],
        [Downloading] = [ExtractingOva, Uploaded, DownloadFailed, Error, Deleting],
        [ExtractingOva] = [Available, Uploaded, UploadFailed, DownloadFailed, Error, Deleting],
        [Deleting] = [Error, Deleting],
        [Available] = [Uploading, ExtractingOva, Deleting],
        [Uploaded] = [Uploading, Downloading, ExtractingOva, Deleting],
        [UploadFailed] = [Uploading, ExtractingOva, Deleting],
        [DownloadFailed] = [Downloading, ExtractingOva, Deleting],
        [Error] = [CreatingBackup, Uploading, Downloading, ExtractingOva, Deleting],
    };

    public static TheoryData<BackupStatus> AllStatuses => [.. Enum.GetValues<BackupStatus>()];

    [Theory]
    [MemberData(nameof(AllStatuses))]
    public void Every_status_can_change_to_the_allowed_statuses_only(BackupStatus from)
        => Assert.Equal(Permitted[from].Order(), Enum.GetValues<BackupStatus>().Where(to => BackupTransitions.IsAllowed(from, to)).Order());

    [Fact]
    public void Every_pair_is_in_the_table_once_and_has_a_reason()
    {
        Assert.Equal(BackupTransitions.All.Count, BackupTransitions.All.Select(pair => (pair.From, pair.To)).Distinct().Count());
        Assert.All(BackupTransitions.All, pair => Assert.NotEmpty(pair.When));
    }

    [Fact]
    public void Every_status_can_be_deleted_and_every_transient_status_can_be_reset()
        => Assert.All(Enum.GetValues<BackupStatus>(), status =>
        {
            Assert.True(BackupTransitions.IsAllowed(status, Deleting));
            Assert.Equal(status.IsTransient(), BackupTransitions.IsAllowed(status, Error));
        });
}
