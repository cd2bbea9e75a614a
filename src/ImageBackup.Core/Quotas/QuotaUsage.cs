using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Quotas;

/// <summary>Counts what a project has. Every call reads the rows of the project, so only projects with a limit and requests for quotas pay for it.</summary>
internal static class QuotaUsage
{
    /// <summary>Returns how much of a resource a project has.</summary>
    public static async Task<long> CountAsync(ImageBackupDbContext db, string projectId, string resource, CancellationToken cancellationToken) => resource switch
    {
        QuotaResource.Volumes => await VolumesOf(db, projectId).CountAsync(cancellationToken),
        QuotaResource.Gigabytes => await VolumesOf(db, projectId).SumAsync(volume => (volume.SizeBytes + Gibibytes.Bytes - 1) / Gibibytes.Bytes, cancellationToken),
        QuotaResource.Backups => await BackupsOf(db, projectId).CountAsync(cancellationToken),
        QuotaResource.BackupGigabytes => await BackupsOf(db, projectId).SumAsync(backup => (long)backup.Size, cancellationToken),
        _ => 0,
    };

    private static IQueryable<VolumeRecord> VolumesOf(ImageBackupDbContext db, string projectId) => db.Volumes.Where(volume => volume.ProjectId == projectId && !volume.IsTemporary);

    private static IQueryable<BackupRecord> BackupsOf(ImageBackupDbContext db, string projectId) => db.Backups.Where(backup => backup.ProjectId == projectId);
}
