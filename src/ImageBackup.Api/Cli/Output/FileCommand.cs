using System.CommandLine;

namespace ImageBackup.Api.Cli.Output;

/// <summary>What the commands on files have in common: <c>--json</c> and <c>--quiet</c>.</summary>
internal static class FileCommand
{
    public static Option<bool> Quiet() => new("--quiet", "-q") { Description = "Show no progress and no summary. Results and errors stay." };

    /// <summary>Returns a command.</summary>
    /// <param name="name">The command's name.</param>
    /// <param name="description">Its help text.</param>
    /// <param name="symbols">Its own arguments and options.</param>
    /// <param name="runAsync">Runs it.</param>
    public static Command Create(string name, string description, IReadOnlyList<Symbol> symbols, Func<ParseResult, CommandOutput, CancellationToken, Task<int>> runAsync)
    {
        var json = new Option<bool>("--json") { Description = "Print JSON, with sizes in bytes." };
        var quiet = Quiet();
        var command = new Command(name, description);
        command.AddAll([.. symbols, json, quiet]);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = new CommandOutput(parsed.GetValue(json), parsed.GetValue(quiet), TimeProvider.System);
            try
            {
                return await runAsync(parsed, output, cancellationToken);
            }
            finally
            {
                output.Progress.End();
            }
        });
        return command;
    }

    /// <summary>Adds arguments and options to a command.</summary>
    public static void AddAll(this Command command, IEnumerable<Symbol> symbols)
    {
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)symbol);
            }
        }
    }
}
