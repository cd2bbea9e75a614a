using System.Text.Json;
using System.Threading.Channels;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>The event stream of a project's operations.</summary>
public sealed class OperationEventTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task A_stream_shows_an_operation_from_its_start_to_its_end()
    {
        using var listening = new Listening(Service);
        var first = await listening.NextAsync("operations", data => data.GetProperty("running_count").GetInt32() == 0);
        Assert.Empty(first.GetProperty("operations").EnumerateArray());

        Service.Throttle("backup_vol_*", 4 << 20);
        var started = await Client.ExportAsync(await Seeds.ImageAsync(Content.Random(16 << 20)), ("name", "watched"), ("compression", "False"));
        var running = await listening.NextAsync("operations", data => data.GetProperty("operations").EnumerateArray().Any(operation => operation.GetProperty("bytes_per_second").ValueKind == JsonValueKind.Number));
        var ended = await listening.NextAsync("changed", data => Changed(data, started.Id) == "available");
        var last = await listening.NextAsync("operations", data => data.GetProperty("running_count").GetInt32() == 0);

        var operation = Assert.Single(running.GetProperty("operations").EnumerateArray());
        Assert.Equal("watched", operation.GetProperty("name").GetString());
        Assert.Equal("creating_backup", operation.GetProperty("status").GetString());
        Assert.Equal("export", operation.GetProperty("action").GetString());
        Assert.Contains(operation.GetProperty("task_id").GetString()!, started.TaskUri, StringComparison.Ordinal);
        Assert.InRange(operation.GetProperty("bytes_per_second").GetInt64(), 1 << 20, 8 << 20);
        Assert.InRange(operation.GetProperty("bytes_total").GetInt64(), 16 << 20, 40 << 20);
        Assert.Equal("watched", ended.GetProperty("changed")[0].GetProperty("name").GetString());
        Assert.Empty(last.GetProperty("operations").EnumerateArray());
    }

    [Fact]
    public async Task A_stream_tells_quick_operations_failures_and_deletions_and_nothing_of_other_projects()
    {
        using var listening = new Listening(Service);
        using var other = new Listening(Service, "0123456789abcdef0123456789abcdef");
        await listening.NextAsync("operations", _ => true);
        await other.NextAsync("operations", _ => true);

        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(100)));
        await listening.NextAsync("changed", data => Changed(data, exported.Id) == "available");
        Service.Fail("verify_ova_*", 0);
        await Client.WaitAsync(await Client.BeginAsync(exported.Id, "verify"));
        var failed = await listening.NextAsync("changed", data => Changed(data, exported.Id) == "available");
        await Client.DeletedAsync(exported.Id);
        var deleted = await listening.NextAsync("changed", data => data.GetProperty("changed").EnumerateArray().Any(backup => backup.GetProperty("status").ValueKind == JsonValueKind.Null));

        Assert.Contains(FlowFaults.Message, failed.GetProperty("changed")[0].GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(exported.Id, deleted.GetProperty("changed")[0].GetProperty("backup_id").GetInt32());
        Assert.DoesNotContain("changed", other.Seen);
    }

    private static string? Changed(JsonElement data, int id)
        => data.GetProperty("changed").EnumerateArray().Where(backup => backup.GetProperty("backup_id").GetInt32() == id).Select(backup => backup.GetProperty("status").GetString()).LastOrDefault();

    /// <summary>Reads the events of a project until it is disposed.</summary>
    private sealed class Listening : IDisposable
    {
        private readonly CancellationTokenSource stop = new(TimeSpan.FromSeconds(60));
        private readonly Channel<(string Name, JsonElement Data)> events = Channel.CreateUnbounded<(string, JsonElement)>();

        public Listening(ServiceFixture service, string projectId = ServiceFixture.ProjectId) => _ = ReadAsync(service.Client, projectId);

        public List<string> Seen { get; } = [];

        public async Task<JsonElement> NextAsync(string name, Predicate<JsonElement> isWanted)
        {
            await foreach (var (found, data) in events.Reader.ReadAllAsync(stop.Token))
            {
                if (found == name && isWanted(data))
                {
                    return data;
                }
            }

            throw new InvalidOperationException($"The stream ended without the event {name}.");
        }

        public void Dispose()
        {
            stop.Cancel();
            stop.Dispose();
        }

        private async Task ReadAsync(HttpClient client, string projectId)
        {
            try
            {
                using var response = await client.GetAsync($"/v3/{projectId}/image-backups/events", HttpCompletionOption.ResponseHeadersRead, stop.Token);
                using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(stop.Token));
                var name = "";
                while (await reader.ReadLineAsync(stop.Token) is { } line)
                {
                    name = line.StartsWith("event: ", StringComparison.Ordinal) ? line["event: ".Length..] : name;
                    if (line.StartsWith("data: ", StringComparison.Ordinal))
                    {
                        Seen.Add(name);
                        await events.Writer.WriteAsync((name, JsonElement.Parse(line["data: ".Length..])), stop.Token);
                    }
                }

                events.Writer.Complete();
            }
            catch (Exception exception)
            {
                events.Writer.Complete(exception);
            }
        }
    }
}
