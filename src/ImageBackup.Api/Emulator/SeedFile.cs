using ImageBackup.Core.Errors;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Emulator;

/// <summary>Adds the seed of <c>Emulator:SeedFile</c> once: at the first start, before the service answers requests, and after each reset.</summary>
internal sealed class SeedFile(IOptions<EmulatorOptions> options, DataPaths paths, Seeder seeder) : IHostedService
{
    /// <exception cref="StartException">The file is missing or wrong. The message names the file and the field.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ApplyAsync(cancellationToken);
        }
        catch (Exception e) when (e is BackupException or IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{EmulatorOptions.Section}:{nameof(EmulatorOptions.SeedFile)} {options.Value.SeedFile}: {e.Message}", e);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Adds the seed unless that was done since the last reset.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        if (options.Value is { Enabled: true, SeedFile: { Length: > 0 } file } && !File.Exists(paths.Seeded))
        {
            await seeder.AddAsync(await SeedReader.ReadFileAsync(file, cancellationToken), cancellationToken);
            await File.WriteAllTextAsync(paths.Seeded, Path.GetFullPath(file), cancellationToken);
        }
    }
}
