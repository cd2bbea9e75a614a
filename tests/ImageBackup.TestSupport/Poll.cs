namespace ImageBackup.TestSupport;

/// <summary>Waits by asking again, with a deadline.</summary>
public static class Poll
{
    /// <summary>Returns once <paramref name="condition"/> holds; fails after a minute.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await condition())
        {
            await Task.Delay(20, deadline.Token);
        }
    }
}
