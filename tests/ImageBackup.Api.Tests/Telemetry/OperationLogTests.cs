using System.Net;
using System.Text.RegularExpressions;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Telemetry;

/// <summary>The log of a service at its usual level: one line for each operation.</summary>
public sealed partial class OperationLogTests : IDisposable
{
    private const string Seed = """
        images: [{name: source, volumes: [{size: 2MiB}, {size: 6MiB, data: 1MiB}]}]
        image_backups: [{name: nightly, image: source, status: uploaded}, {name: broken, image: source, status: error, fail_reason: out of tape}]
        """;

    private readonly TemporaryDirectory directory = new();

    [Fact]
    public async Task Each_operation_is_one_line_with_its_figures_and_a_failure_is_a_warning_without_a_stack_trace()
    {
        using var service = await ServiceProcess.StartAsync(Path.Combine(directory.Path, "data"), new Dictionary<string, string> { ["ImageBackup:Demo:Enabled"] = "false" });
        var seed = await service.Client.CallAsync(HttpMethod.Post, "/emulator/seed", Seed, "application/yaml");
        Assert.Equal(HttpStatusCode.Created, seed.Status);
        await Polling.UntilAsync("the failure's line", () => Task.FromResult(service.Log.Contains("broken", StringComparison.Ordinal) || service.Log.Contains("out of tape", StringComparison.Ordinal)));

        var lines = service.Log.Split('\n').Where(line => line.Contains("image backup", StringComparison.Ordinal)).ToList();

        Assert.Equal(2, lines.Count);
        Assert.Matches(Succeeded(), lines[0]);
        Assert.Matches(Failed(), lines[1]);
        Assert.DoesNotContain("EventId", service.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("log book", service.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("\n   at ", service.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("EntityFrameworkCore", service.Log, StringComparison.Ordinal);
    }

    public void Dispose() => directory.Dispose();

    [GeneratedRegex(@"INF The export of image backup 1 \(nightly\) succeeded: volumes 8\.0 MiB, archive \d\.\d MiB \(\d+ %\), \d+\.\d s, \d+\.\d MiB/s; task_id [0-9a-f-]{36} ")]
    private static partial Regex Succeeded();

    [GeneratedRegex(@"WRN The export of image backup 2 failed: backup_vol_[0-9a-f-]{36}_2: out of tape\. The fault was injected through /emulator/faults\. task_id [0-9a-f-]{36} ")]
    private static partial Regex Failed();
}
