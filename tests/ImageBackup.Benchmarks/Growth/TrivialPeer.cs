using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace ImageBackup.Benchmarks.Growth;

/// <summary>A separate process with one trivial route of ASP.NET Core's minimal API. It shows what the framework and the machine cost.</summary>
internal static class TrivialPeer
{
    /// <summary>The command that makes this program the peer.</summary>
    public const string Command = "trivial-peer";

    private sealed record Answer(int Id, string Name, string Status);

    /// <summary>Serves until the process is ended.</summary>
    public static async Task<int> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/healthcheck", () => "OK");
        app.MapGet("/answers/{id:int}", (int id) => new Answer(id, "backup", "available"));
        await app.RunAsync();
        return 0;
    }

    public static async Task<Figure> MeasureAsync(Bench bench, CancellationToken cancellationToken)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "ImageBackup.Benchmarks.dll");
        await using var peer = await bench.StartAsync([program, Command], cancellationToken);
        var cpu = await Requests.CpuAsync(peer, number => $"/answers/{number}", bench.Options.IsTiny ? 20 : Requests.Count, cancellationToken);
        return new Figure("a trivial answer of ASP.NET Core, CPU per request", cpu, "ms", null, null, Higher: false);
    }
}
