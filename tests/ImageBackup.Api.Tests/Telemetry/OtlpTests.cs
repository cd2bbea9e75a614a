using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Telemetry;

/// <summary>The service sends metrics and traces by OTLP, with both protocols and both settings for the endpoint.</summary>
public sealed partial class OtlpTests : IDisposable
{
    /// <summary>The output of <c>protoc</c> for the name of a metric (field 1) and of a span (field 5).</summary>
    private static readonly string[] Expected =
    [
        "1: \"imagebackup.flows.started\"", "1: \"imagebackup.flows.finished\"", "1: \"imagebackup.flow.duration\"", "1: \"imagebackup.tasks.finished\"",
        "1: \"imagebackup.task.duration\"", "1: \"imagebackup.task.processed\"", "1: \"imagebackup.flows.running\"", "1: \"imagebackup.flows.queued\"",
        "1: \"http.server.request.duration\"",
        "5: \"GET /healthcheck\"", "5: \"flow export\"", "5: \"task backup_volume\"", "5: \"task create_ova\"",
        "1: \"imagebackup\"",
    ];

    private readonly TemporaryDirectory directory = new();

    [Theory]
    [InlineData(OtlpReceiver.Grpc, "ImageBackup:Telemetry:OtlpEndpoint")]
    [InlineData(OtlpReceiver.Grpc, "OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData(OtlpReceiver.HttpProtobuf, "OTEL_EXPORTER_OTLP_ENDPOINT")]
    public async Task An_export_is_sent_as_metrics_and_spans(string protocol, string endpoint)
    {
        await using var receiver = await OtlpReceiver.StartAsync(protocol);
        using var service = await ServiceProcess.StartAsync(Path.Combine(directory.Path, "data"), new Dictionary<string, string>
        {
            [endpoint] = receiver.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        });
        var export = new Dictionary<string, object> { ["image-backup"] = new { name = "told", src_image_id = "9c219888-1ab0-429e-9282-7cbc6957c839", upload_to_cos = false } };

        using var started = await service.Client.PostAsJsonAsync(ServiceFixture.V3("/image-backups/export_image"), export);

        Assert.Equal(HttpStatusCode.Created, started.StatusCode);
        await ArriveAsync(receiver, Expected);
    }

    [Fact]
    public async Task A_call_to_a_store_is_a_span()
    {
        await using var receiver = await OtlpReceiver.StartAsync(OtlpReceiver.HttpProtobuf);
        using var service = await ServiceProcess.StartAsync(Path.Combine(directory.Path, "data"), new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = OtlpReceiver.HttpProtobuf,
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        });
        var bucket = new { cos = new { name = "none", type = "s3", bucket_name = "bucket-1", credentials = new { cos_endpoint = receiver.Url, access_key = "a", secret_key = "b" } } };

        using var refused = await service.Client.PostAsJsonAsync(ServiceFixture.V3("/cos"), bucket);

        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        await ArriveAsync(receiver, $"\"{receiver.Url}/bucket-1");
    }

    public void Dispose() => directory.Dispose();

    private static async Task ArriveAsync(OtlpReceiver receiver, params string[] expected)
    {
        string[] missing = expected;
        try
        {
            await Polling.UntilAsync("what is sent by OTLP", async () =>
            {
                var read = await receiver.ReadAsync();
                missing = [.. expected.Where(line => !read.Contains(line, StringComparison.Ordinal))];
                return missing is [];
            });
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Missing: {string.Join(", ", missing)}. Came: {string.Join(", ", Names().Matches(await receiver.ReadAsync()).Select(name => name.Value).Distinct())}");
        }
    }

    [GeneratedRegex("[15]: \".*\"")]
    private static partial Regex Names();
}
