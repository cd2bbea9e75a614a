using System.CommandLine;
using System.Text;
using ImageBackup.Api.Hosting;
using ImageBackup.Identity.Users;

namespace ImageBackup.Api.Cli;

/// <summary><c>hash-password</c>: prints the hash for <c>Auth:Users:N:PasswordHash</c>. The password comes from the terminal or a pipe, because other users can read the command line.</summary>
internal static class HashPasswordCommand
{
    public static Command Create()
    {
        var command = new Command("hash-password", "Print the hash of a password for ImageBackup:Auth:Users:N:PasswordHash. Asks for the password, or reads it from a pipe.");
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var password = Console.IsInputRedirected ? await Console.In.ReadLineAsync(cancellationToken) : Ask();
        if (string.IsNullOrEmpty(password))
        {
            await Console.Error.WriteLineAsync("The password is empty.");
            return ExitCodes.Usage;
        }

        Console.Out.WriteLine(PasswordHash.Create(password));
        return ExitCodes.Done;
    }

    private static string Ask()
    {
        Console.Error.Write("Password: ");
        var password = new StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                password.Length = Math.Max(0, password.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                password.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return password.ToString();
    }
}
