using System.Text.Json;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;
using Microsoft.EntityFrameworkCore;

namespace ImageBackup.Core.Operations;

/// <summary>
/// Reserves disk space for operations that wait or run. The rows of the queue are the reservations; memory holds what they need, and possibly what
/// finished operations needed. So the rows are read only when an operation seems not to fit, or when other processes write rows too.
/// </summary>
public sealed class SpaceReservations(FlowActions actions, RunningFlows running)
{
    private Dictionary<string, IReadOnlyList<Reservation>>? byBook;

    /// <summary>
    /// Reserves space for a log book that the caller's transaction adds. One transaction reserves at a time, so requests cannot reserve the same space.
    /// </summary>
    /// <exception cref="InvalidRequestException">The operation does not fit beside the others. The message has the figures.</exception>
    internal async Task ReserveAsync(ImageBackupDbContext db, string logBookId, IReadOnlyList<SpaceNeed> needs, CancellationToken cancellationToken)
    {
        if (needs.Count == 0)
        {
            return;
        }

        await db.LockAsync("space", cancellationToken);
        byBook = byBook is null || db.IsShared ? await LoadAsync(db, cancellationToken) : byBook;
        var own = new List<Reservation>();
        foreach (var need in needs)
        {
            // Two needs of one operation can be on the same disk.
            var disk = DiskSpace.DiskOf(need.Directory);
            var wanted = need.Bytes + own.Where(reserved => reserved.Disk == disk).Sum(reserved => reserved.Bytes);
            if (!DiskSpace.Fits(need.Directory, wanted, Reserved(disk)))
            {
                await ForgetFinishedAsync(byBook, db, cancellationToken);
                DiskSpace.Require(need.Directory, wanted, need.Purpose, Reserved(disk));
            }

            own.Add(new Reservation(disk, need.Bytes, 0));
        }

        byBook[logBookId] = own;
    }

    /// <summary>Returns the bytes that the operations of a disk still have to store.</summary>
    private long Reserved(string disk)
        => byBook!.Sum(book => book.Value.Where(reserved => reserved.Disk == disk).Sum(reserved => Unwritten(book.Key, reserved)));

    /// <summary>Returns the part of the bytes that belongs to the progress that is left. Written bytes are no longer free.</summary>
    private long Unwritten(string logBookId, Reservation reserved) => reserved.Bytes * (100 - (running.Find(logBookId)?.Progress ?? reserved.Progress)) / 100;

    private async Task<Dictionary<string, IReadOnlyList<Reservation>>> LoadAsync(ImageBackupDbContext db, CancellationToken cancellationToken)
    {
        var books = await Unfinished(db).Select(book => new { book.Id, book.Action, book.State, book.Progress }).ToListAsync(cancellationToken);
        return books.ToDictionary(
            book => book.Id,
            IReadOnlyList<Reservation> (book) => [.. SpaceOf(book.Action, book.State).Select(need => new Reservation(DiskSpace.DiskOf(need.Directory), need.Bytes, book.Progress))]);
    }

    /// <summary>Returns nothing for an operation that this version cannot read. It fails when its turn comes.</summary>
    private IReadOnlyList<SpaceNeed> SpaceOf(string action, string state)
    {
        try
        {
            return actions.Load(action, state).Space;
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            return [];
        }
    }

    private static async Task ForgetFinishedAsync(Dictionary<string, IReadOnlyList<Reservation>> reservations, ImageBackupDbContext db, CancellationToken cancellationToken)
    {
        var unfinished = (await Unfinished(db).Select(book => book.Id).ToListAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
        foreach (var finished in reservations.Keys.Where(id => !unfinished.Contains(id)).ToList())
        {
            reservations.Remove(finished);
        }
    }

    private static IQueryable<LogBookRecord> Unfinished(ImageBackupDbContext db)
        => db.LogBooks.Where(book => book.QueueState == QueueState.Queued || book.QueueState == QueueState.Running);

    private sealed record Reservation(string Disk, long Bytes, int Progress);
}
