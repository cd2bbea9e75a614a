using ImageBackup.Core.Access;
using ImageBackup.Core.Persistence;

namespace ImageBackup.Core.Operations.Discover;

/// <summary>One discovery of the archives on a node, and its progress.</summary>
public sealed class Discovery(BackupNodeRecord node, Caller caller)
{
    /// <summary>Most entries of each list, so that an answer stays small. The numbers count all archives.</summary>
    public const int MostListed = 1000;

    private readonly Lock sync = new();
    private readonly List<string> found = [];
    private readonly List<AddedArchive> added = [];
    private readonly List<BrokenArchive> broken = [];
    private int foundCount;
    private int readCount;
    private int addedCount;
    private int brokenCount;
    private string? failReason;
    private bool hasEnded;

    internal BackupNodeRecord Node => node;

    /// <summary>The owner of the image backups that the discovery adds.</summary>
    internal Caller Caller => caller;

    /// <summary>Returns what was found so far.</summary>
    public DiscoveryProgress Progress
    {
        get
        {
            lock (sync)
            {
                return new DiscoveryProgress
                {
                    BackupNodeId = node.BackupNodeId,
                    State = !hasEnded ? DiscoveryState.Running : failReason is null ? DiscoveryState.Finished : DiscoveryState.Failed,
                    FoundCount = foundCount,
                    ReadCount = readCount,
                    AddedCount = addedCount,
                    BrokenCount = brokenCount,
                    Found = [.. found],
                    Added = [.. added],
                    Broken = [.. broken],
                    FailReason = failReason,
                };
            }
        }
    }

    internal void Find(IReadOnlyList<string> names)
    {
        lock (sync)
        {
            foundCount = names.Count;
            found.AddRange(names.Take(MostListed));
        }
    }

    /// <summary>Counts archives that are done: known before, added or broken.</summary>
    internal void Read(int count)
    {
        lock (sync)
        {
            readCount += count;
        }
    }

    internal void Add(IEnumerable<BackupRecord> backups)
    {
        lock (sync)
        {
            foreach (var backup in backups)
            {
                AddTo(added, ref addedCount, new AddedArchive(backup.Id, backup.Name, backup.OvaName!));
            }
        }
    }

    internal void Break(string name, string reason)
    {
        lock (sync)
        {
            AddTo(broken, ref brokenCount, new BrokenArchive(name, reason));
        }
    }

    /// <summary>Ends the discovery; with a reason, because it failed.</summary>
    internal void End(string? reason)
    {
        lock (sync)
        {
            (failReason, hasEnded) = (reason, true);
        }
    }

    private static void AddTo<T>(List<T> list, ref int count, T item)
    {
        count++;
        if (list.Count < MostListed)
        {
            list.Add(item);
        }
    }
}
