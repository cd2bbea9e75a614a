using System.Globalization;

namespace ImageBackup.Benchmarks.Soak;

/// <summary>What a process holds at one moment (proc(5)).</summary>
/// <param name="MiB">Resident memory.</param>
/// <param name="Handles">Open file descriptors.</param>
/// <param name="Threads">Threads.</param>
internal sealed record ProcessUse(double MiB, int Handles, int Threads)
{
    /// <summary>Looks at a process.</summary>
    public static ProcessUse Of(int process)
    {
        var status = File.ReadLines($"/proc/{process}/status").Select(line => line.Split((char[])[':', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)).ToDictionary(words => words[0], words => words.ElementAtOrDefault(1));
        return new ProcessUse(
            double.Parse(status["VmRSS"]!, CultureInfo.InvariantCulture) / 1024,
            Directory.GetFileSystemEntries($"/proc/{process}/fd").Length,
            int.Parse(status["Threads"]!, CultureInfo.InvariantCulture));
    }
}
