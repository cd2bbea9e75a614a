namespace ImageBackup.Api.Emulator;

/// <summary>A request and its response. Secrets are masked.</summary>
internal sealed record JournalEntry
{
    public long Id { get; init; }

    public required DateTime ReceivedAt { get; init; }

    public required string RequestId { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    public required string Query { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Null if there is no body, or it is not shown.</summary>
    public required string? Body { get; init; }

    public required long BodyBytes { get; init; }

    public required int Status { get; init; }

    /// <summary>The body of the response.</summary>
    public required string? Answer { get; init; }

    public required long AnswerBytes { get; init; }

    public required TimeSpan Duration { get; init; }
}

/// <summary>The last requests, for tests that check what a client sent. Its memory is bounded.</summary>
internal sealed class RequestJournal
{
    private const int MostEntries = 1000;
    private const int MostCharacters = 8 << 20;

    private readonly Lock gate = new();
    private readonly Queue<JournalEntry> entries = [];
    private long lastId;
    private long characters;

    /// <summary>Returns the entries, oldest first.</summary>
    public IReadOnlyList<JournalEntry> List()
    {
        lock (gate)
        {
            return [.. entries];
        }
    }

    /// <summary>Adds an entry, which gets its id, and forgets the oldest ones beyond the bounds.</summary>
    public void Add(JournalEntry entry)
    {
        lock (gate)
        {
            entries.Enqueue(entry with { Id = ++lastId });
            characters += Length(entry);
            while (entries.Count > MostEntries || characters > MostCharacters)
            {
                characters -= Length(entries.Dequeue());
            }
        }
    }

    /// <summary>Forgets all entries. Ids begin at 1 again.</summary>
    public void Clear()
    {
        lock (gate)
        {
            entries.Clear();
            (lastId, characters) = (0, 0);
        }
    }

    private static int Length(JournalEntry entry) => (entry.Body?.Length ?? 0) + (entry.Answer?.Length ?? 0);
}
