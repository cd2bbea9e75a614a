using System.CommandLine;
using System.CommandLine.Parsing;
using ImageBackup.Api.Cli.Output;
using ImageBackup.Api.Hosting;
using ImageBackup.Disks;
using ImageBackup.Ova;

namespace ImageBackup.Api.Cli;

/// <summary>A file that a command reads. <c>-</c> is standard input, which is copied to a scratch file first: disks and archives are read at any offset.</summary>
/// <param name="Path">Path of the file, or of the copy.</param>
/// <param name="Name">The name for messages.</param>
internal sealed record InputFile(string Path, string Name)
{
    private const int CopyBuffer = 1 << 20;

    public long Length { get; } = new FileInfo(Path).Length;

    /// <summary>Returns the argument for a file that a command reads.</summary>
    public static Argument<string> Argument(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = $"{description} - reads standard input." };
        argument.Validators.Add(RefuseMissing);
        return argument;
    }

    /// <summary>Adds an error for each value that is neither an existing file nor <c>-</c>.</summary>
    public static void RefuseMissing(SymbolResult result)
    {
        foreach (var token in result.Tokens.Where(token => token.Value != StandardStreams.Sign && !File.Exists(token.Value)))
        {
            result.AddError($"File does not exist: '{token.Value}'.");
        }
    }

    /// <summary>Returns the file; for <c>-</c>, a copy of standard input in a scratch directory.</summary>
    /// <exception cref="CommandException">Standard input is a terminal or empty.</exception>
    public static async Task<InputFile> OpenAsync(string given, string scratch, CommandOutput output, CancellationToken cancellationToken)
    {
        if (given != StandardStreams.Sign)
        {
            return new InputFile(System.IO.Path.GetFullPath(given), given);
        }

        if (!Console.IsInputRedirected)
        {
            throw CommandException.Usage("Standard input is a terminal. Redirect it from a file or a pipe.");
        }

        var copy = new InputFile(await CopyAsync(System.IO.Path.Combine(scratch, "standard-input"), output, cancellationToken), "standard input");
        return copy.Length > 0 ? copy : throw CommandException.Usage("Standard input is empty.");
    }

    /// <summary>Runs what reads the file. A refusal of its contents then names the file.</summary>
    public async Task<T> NamedAsync<T>(Func<Task<T>> readAsync)
    {
        try
        {
            return await readAsync();
        }
        catch (Exception e) when (e is InvalidOvaException or DiskImageException)
        {
            throw new CommandException($"{Name}: {e.Message}", ExitCodes.Failed);
        }
    }

    private static async Task<string> CopyAsync(string path, CommandOutput output, CancellationToken cancellationToken)
    {
        var step = output.Progress.PlanIfNeeded("Reading standard input", 0);
        await using var input = Console.OpenStandardInput();
        await using var copy = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var buffer = new byte[CopyBuffer];
        var done = 0L;
        while (await ReadAsync(input, buffer, cancellationToken) is > 0 and var read)
        {
            await copy.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            step.Report(done += read);
        }

        return path;
    }

    /// <summary>Reads what there is. A read of standard input cannot be canceled, so Ctrl-C does not wait for it.</summary>
    private static Task<int> ReadAsync(Stream input, byte[] buffer, CancellationToken cancellationToken) => input.ReadAsync(buffer, CancellationToken.None).AsTask().WaitAsync(cancellationToken);
}
