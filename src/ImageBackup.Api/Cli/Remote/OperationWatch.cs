using System.Globalization;
using ImageBackup.Api.Cli.Output;
using ImageBackup.Api.Hosting;
using ImageBackup.Client;

namespace ImageBackup.Api.Cli.Remote;

/// <summary>
/// Follows an operation on the error stream: a bar with rate and remaining time on a terminal, a line for each tenth in a pipe. Ctrl-C asks on a terminal
/// whether to stop the operation; in a pipe, it only ends the following.
/// </summary>
internal sealed class OperationWatch(ImageBackupClient client, StartedOperation operation, RemoteOutput output)
{
    private readonly ProgressBar bar = new(output.IsQuiet, TimeProvider.System);

    /// <summary>Follows the operation if the command is to follow, and prints the result.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (!output.Follows)
        {
            output.Item(operation, ("backup_id", operation.BackupId), ("task_uri", operation.TaskUri));
            return ExitCodes.Done;
        }

        OperationProgress? last = null;
        while (last is not { IsFinished: true })
        {
            try
            {
                await foreach (var progress in client.FollowAsync(operation, cancellationToken))
                {
                    Draw(last = progress);
                }
            }
            catch (OperationCanceledException)
            {
                if (await InterruptedAsync())
                {
                    return ExitCodes.Interrupted;
                }

                // The answer was to go on. The token of Ctrl-C stays canceled, so a second one ends the program.
                cancellationToken = CancellationToken.None;
                Console.CancelKeyPress += (_, _) => Environment.Exit(ExitCodes.Interrupted);
            }
        }

        bar.End();
        return await EndAsync(last);
    }

    private async Task<int> EndAsync(OperationProgress last)
    {
        if (!last.Succeeded)
        {
            await Console.Error.WriteLineAsync($"The {last.Action} of image backup {operation.BackupId} failed: {RemoteOutput.Printable(last.FailReason ?? string.Join(", ", last.FlowDetails.Select(flow => $"{flow.Key} is {flow.Value}")))}");
            return ExitCodes.Failed;
        }

        var backup = await client.GetBackupAsync(operation.BackupId, CancellationToken.None);
        RemoteCommands.Show(output, backup);
        return ExitCodes.Done;
    }

    /// <summary>Returns false if the user wants to go on.</summary>
    private async Task<bool> InterruptedAsync()
    {
        bar.End();
        if (!Console.IsErrorRedirected && !Console.IsInputRedirected)
        {
            await Console.Error.WriteAsync($"Stop the operation of image backup {operation.BackupId}? [y]es, [n]o, only end this command, [c]ontinue: ");
            switch (Console.In.ReadLine()?.Trim().ToLowerInvariant())
            {
                case "y" or "yes":
                    await client.StopAsync(operation.BackupId, CancellationToken.None);
                    await Console.Error.WriteLineAsync("The operation stops and reverts its tasks. The image backup is error.");
                    return true;
                case "c" or "continue":
                    return false;
            }
        }

        await Console.Error.WriteLineAsync($"The operation continues. Follow it with: imagebackup progress {operation.BackupId}");
        return true;
    }

    private void Draw(OperationProgress progress)
    {
        var running = progress.Tasks.FirstOrDefault(task => task.State is "RUNNING" or "REVERTING");
        var rate = running?.BytesPerSecond is { } bytes ? $", {Sizes.Of(bytes)}/s" : "";
        var left = running?.EtaSeconds is { } seconds ? $", {Sizes.Of(TimeSpan.FromSeconds(seconds))} left" : "";
        var text = string.Create(CultureInfo.InvariantCulture, $"{progress.Progress} %{(running is null ? progress.IsFinished ? "" : ", waiting" : $", {RemoteOutput.Printable(running.Name)}")}{rate}{left}");
        bar.Show(progress.Progress / 100.0, text);
    }
}
