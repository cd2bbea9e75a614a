using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Telemetry;

/// <summary>The metrics that Prometheus reads after real operations.</summary>
public sealed class MetricsTests
{
    private static readonly Uri Metrics = new("/metrics", UriKind.Relative);

    /// <summary>Meters are shared by all hosts of a process, so the counted service has a process of its own.</summary>
    [Fact]
    public async Task An_export_is_counted_with_its_tasks_and_bytes()
    {
        using var directory = new TemporaryDirectory();
        using var service = await ServiceProcess.StartAsync(Path.Combine(directory.Path, "data"), new Dictionary<string, string> { ["ImageBackup:Cluster:Host"] = "node-1" });

        await ExportAsync(service.Client);

        // A flow is counted just after its end is stored.
        var samples = await Polling.ForAsync("the flow to be counted", async () =>
            await ReadAsync(service.Client) is { } read && read.Keys.Any(key => key.StartsWith("imagebackup_flows_finished_total", StringComparison.Ordinal)) ? read : null);
        Assert.Equal(1, Sum("imagebackup_flows_started_total", "action=\"export\"", "worker=\"node-1\""));
        Assert.Equal(1, Sum("imagebackup_flows_finished_total", "action=\"export\"", "outcome=\"success\""));
        Assert.Equal(1, Sum("imagebackup_tasks_finished_total", "task=\"backup_volume\"", "outcome=\"success\""));
        Assert.Equal(64 << 20, Sum("imagebackup_task_processed_bytes_total", "task=\"backup_volume\""));
        Assert.Equal(1, Sum("imagebackup_flow_duration_seconds_count", "action=\"export\""));
        Assert.Contains(samples, sample => sample.Key.StartsWith("target_info", StringComparison.Ordinal) && sample.Key.Contains("service_instance_id=\"node-1\"", StringComparison.Ordinal));
        Assert.Equal(0, samples.Single(sample => sample.Key.StartsWith("imagebackup_flows_running", StringComparison.Ordinal) && sample.Key.Contains("worker=\"node-1\"", StringComparison.Ordinal)).Value);
        Assert.Contains(samples, sample => sample.Key.StartsWith("imagebackup_flows_queued", StringComparison.Ordinal));
        Assert.Contains(samples, sample => sample.Key.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal));

        double Sum(string name, params string[] labels)
            => samples.Where(sample => sample.Key.StartsWith(name, StringComparison.Ordinal) && labels.All(label => sample.Key.Contains(label, StringComparison.Ordinal))).Sum(sample => sample.Value);
    }

    [Fact]
    public async Task Metrics_need_a_token_unless_anonymous_metrics_are_allowed()
    {
        using var closed = new ServiceFixture { Settings = { ["ImageBackup:Auth:Mode"] = "Embedded", ["ImageBackup:Auth:Users:0:Name"] = "admin", ["ImageBackup:Auth:Users:0:Password"] = "secret", ["ImageBackup:Auth:Users:0:Roles:0"] = "admin" } };
        using var open = new ServiceFixture { Settings = { ["ImageBackup:Telemetry:AnonymousMetrics"] = "true", ["ImageBackup:Auth:Mode"] = "Embedded", ["ImageBackup:Auth:Users:0:Name"] = "admin", ["ImageBackup:Auth:Users:0:Password"] = "secret", ["ImageBackup:Auth:Users:0:Roles:0"] = "admin" } };

        using var refused = await closed.Client.GetAsync(Metrics);
        using var answered = await open.Client.GetAsync(Metrics);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    private static async Task ExportAsync(HttpClient client)
    {
        var body = new Dictionary<string, object>
        {
            ["image-backup"] = new { name = "counted", src_image_id = "9c219888-1ab0-429e-9282-7cbc6957c839", upload_to_cos = false, compression = "Fast" },
        };
        using var started = await client.PostAsJsonAsync(new Uri(ServiceFixture.V3("/image-backups/export_image"), UriKind.Relative), body);
        using var answer = JsonDocument.Parse(await started.Content.ReadAsStringAsync());
        var task = new Uri(answer.RootElement.GetProperty("image-backup").GetProperty("task_uri").GetString()!);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            using var progress = JsonDocument.Parse(await client.GetStringAsync(task, deadline.Token));
            if (progress.RootElement.GetProperty("details").GetProperty("progress").GetInt32() == 100)
            {
                return;
            }

            await Task.Delay(50, deadline.Token);
        }
    }

    private static async Task<Dictionary<string, double>> ReadAsync(HttpClient client)
    {
        var text = await client.GetStringAsync(Metrics);
        return Regex.Matches(text, @"^([a-zA-Z_:][^ ]*(?:\{.*\})?) (\S+)", RegexOptions.Multiline)
            .ToDictionary(match => match.Groups[1].Value, match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
    }
}
