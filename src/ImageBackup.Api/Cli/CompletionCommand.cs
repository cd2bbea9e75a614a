using System.CommandLine;
using ImageBackup.Api.Hosting;

namespace ImageBackup.Api.Cli;

/// <summary><c>completion bash|zsh|fish</c>: prints a script that completes commands and options. The program itself knows the words (System.CommandLine's <c>[suggest]</c>).</summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            # eval "$(imagebackup completion bash)"
            _imagebackup() {
              local words="${COMP_LINE#* }" before="${COMP_LINE%% *} "
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$(imagebackup "[suggest:$((COMP_POINT - ${#before}))]" "$words" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _imagebackup imagebackup
            """,
        ["zsh"] = """
            # eval "$(imagebackup completion zsh)"
            _imagebackup() {
              local words="${BUFFER#* }" before="${BUFFER%% *} "
              compadd -- ${(f)"$(imagebackup "[suggest:$((CURSOR - ${#before}))]" "$words" 2>/dev/null)"}
              _files
            }
            compdef _imagebackup imagebackup
            """,
        ["fish"] = """
            # imagebackup completion fish | source
            function __imagebackup
                set -l words (commandline -cp | string replace -r '^\S+ ' '')
                imagebackup "[suggest:"(string length -- "$words")"]" "$words" 2>/dev/null
            end
            complete -c imagebackup -a '(__imagebackup)'
            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." }.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Print a script that completes commands and options in a shell.") { shell };
        command.SetAction(parsed =>
        {
            Console.Out.WriteLine(Scripts[parsed.GetRequiredValue(shell)]);
            return ExitCodes.Done;
        });
        return command;
    }
}
