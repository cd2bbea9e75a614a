using ImageBackup.Core.Errors;

namespace ImageBackup.Core.Flows;

/// <summary>Lets a run wait for a database server that does not answer. A lost connection is no failure of an operation.</summary>
internal static class DatabaseWait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Repeats work until the database answers. The work must be safe to repeat.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled first.</exception>
    public static Task RunAsync(Func<Task> work, CancellationToken cancellationToken)
        => RunAsync(
            async () =>
            {
                await work();
                return true;
            },
            cancellationToken);

    /// <inheritdoc cref="RunAsync(Func{Task}, CancellationToken)"/>
    public static async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await work();
            }
            catch (Exception exception) when (DatabaseErrors.IsAway(exception))
            {
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }
        }
    }
}
