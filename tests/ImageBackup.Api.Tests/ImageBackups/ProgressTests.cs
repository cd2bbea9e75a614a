using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>The progress document during an operation.</summary>
public sealed class ProgressTests(ServiceFixture service) : FlowTest(service), IClassFixture<ServiceFixture>
{
    private const int MiB = 1 << 20;

    [Fact]
    public async Task Without_a_task_id_the_last_operation_is_shown()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(100)));
        await Client.SucceedAsync(await Client.BeginAsync(exported.Id, "verify"));

        var answer = await Client.GetAsync($"/image-backups/get_progress?action=export&backup_id={exported.Id}");

        Assert.Equal("""{"VerifyFlow":"SUCCESS"}""", answer.Body.GetProperty("details").GetProperty("flow_details").GetRawText());
        Assert.Equal("Image backup 4711 could not be found.", (await Client.GetAsync("/image-backups/get_progress?action=export&backup_id=4711")).Message);
    }

    [Fact]
    public async Task Progress_never_falls_and_reaches_100_only_on_success()
    {
        var imageId = await Seeds.ImageAsync("two-volumes", (Content.Random(6 * MiB), 0), (Content.Random(4 * MiB, 2), -1));
        Service.Throttle("backup_vol_*", 8 * MiB);
        var started = await Client.ExportAsync(imageId, ("compression", "False"));

        var seen = new List<int>();
        JsonElement details;
        do
        {
            details = await Client.ProgressAsync(started);
            seen.Add(details.GetProperty("progress").GetInt32());
            Assert.Equal(seen[^1] == 100, States(details, "flow_details")["ExportFlow"] == "SUCCESS");
        }
        while (seen[^1] < 100);

        Assert.Equal(seen.Order(), seen);
        Assert.True(seen.Distinct().Count() > 5, string.Join(' ', seen.Distinct()));
    }

    [Fact]
    public async Task Progress_is_weighted_by_bytes()
    {
        // 12 MiB are packed, so half of the large volume is 5 of 12 parts. Each task weighs one more MiB.
        var imageId = await Seeds.ImageAsync("two-volumes", (Content.Random(10 * MiB), 0), (Content.Random(2 * MiB, 2), -1));
        var fault = Service.Stall("backup_vol_*", 0.5);
        var started = await Client.ExportAsync(imageId, ("compression", "False"));
        await fault.StruckAsync();

        var details = await Client.ProgressAsync(started, withDetails: true);

        Assert.InRange(details.GetProperty("progress").GetInt32(), 28, 45);
        var task = TaskOf(details, "backup_vol_");
        Assert.Equal(10 * MiB, task.GetProperty("bytes_total").GetInt64());
        Assert.InRange(task.GetProperty("bytes_done").GetInt64(), 5 * MiB, 6 * MiB);
        Assert.Equal("RUNNING", States(details, "pending_tasks")[task.GetProperty("name").GetString()!]);
        await Client.ResetAsync(started.Id);
        Assert.InRange((await Client.WaitAsync(started)).GetProperty("progress").GetInt32(), 28, 99);
    }

    [Fact]
    public async Task The_estimate_of_a_stalled_task_does_not_grow_and_agrees_with_its_operation()
    {
        var imageId = await Seeds.ImageAsync("two-volumes", (Content.Random(12 * MiB), 0), (Content.Random(2 * MiB, 2), -1));
        Service.Throttle("backup_vol_*", 6 * MiB);
        var fault = Service.Stall("backup_vol_*", 0.7);
        var started = await Client.ExportAsync(imageId, ("compression", "False"));
        await fault.StruckAsync();

        var first = await Client.ProgressAsync(started, withDetails: true);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var later = await Client.ProgressAsync(started, withDetails: true);

        var task = TaskOf(first, "backup_vol_");
        Assert.InRange(task.GetProperty("bytes_per_second").GetInt64(), 3 * MiB, 9 * MiB);
        Assert.Equal(task.GetProperty("eta_seconds").GetInt64(), TaskOf(later, "backup_vol_").GetProperty("eta_seconds").GetInt64());
        Assert.Equal(task.GetProperty("last_data_at").GetString(), TaskOf(later, "backup_vol_").GetProperty("last_data_at").GetString());
        Assert.Equal(later.GetProperty("last_data_at").GetString(), TaskOf(later, "backup_vol_").GetProperty("last_data_at").GetString());
        Assert.InRange(later.GetProperty("eta_seconds").GetInt64(), task.GetProperty("eta_seconds").GetInt64(), 10);
        foreach (var figure in new[] { "bytes_done", "bytes_total" })
        {
            Assert.Equal(later.GetProperty("tasks").EnumerateArray().Sum(one => one.GetProperty(figure).GetInt64()), later.GetProperty(figure).GetInt64());
        }
    }

    [Fact]
    public async Task Progress_does_not_fall_after_a_restart()
    {
        var fault = Service.Stall("create_ova_*", 0.7);
        var started = await Client.ExportAsync(await Seeds.ImageAsync(Content.Random(6 * MiB)), ("compression", "False"));
        await fault.StruckAsync();
        var before = (await Client.ProgressAsync(started)).GetProperty("progress").GetInt32();

        await Service.RestartAsync();
        Service.Throttle("create_ova_*", 4 * MiB);

        int now;
        do
        {
            now = (await Client.ProgressAsync(started)).GetProperty("progress").GetInt32();
            Assert.InRange(now, before - 3, 100);
        }
        while (now < 100);
    }

    [Fact]
    public async Task An_event_stream_ends_with_the_operation()
    {
        Service.Throttle("backup_vol_*", 4 * MiB);
        var started = await Client.ExportAsync(await Seeds.ImageAsync(Content.Random(4 * MiB)));
        using var request = new HttpRequestMessage(HttpMethod.Get, started.TaskUri);
        request.Headers.Accept.ParseAdd("text/event-stream");

        using var response = await Service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var events = await ReadAsync(response);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("end", events[^1].Name);
        Assert.All(events.SkipLast(1), sent => Assert.Equal("progress", sent.Name));
        Assert.True(events.Count > 3, $"{events.Count} events");
        Assert.Equal("SUCCESS", States(events[^1].Details, "flow_details")["ExportFlow"]);
        var percents = events.Select(sent => sent.Details.GetProperty("progress").GetInt32()).ToList();
        Assert.Equal(percents.Order(), percents);
        Assert.Equal(100, percents[^1]);
    }

    [Fact]
    public async Task All_clients_of_an_operation_get_its_events_to_the_end_whenever_they_join_and_leave()
    {
        Service.Throttle("backup_vol_*", 4 * MiB);
        var started = await Client.ExportAsync(await Seeds.ImageAsync(Content.Random(8 * MiB)));
        using (var leaving = await ListenAsync(started.TaskUri))
        {
            Assert.StartsWith("event: progress", await new StreamReader(await leaving.Content.ReadAsStreamAsync()).ReadLineAsync(), StringComparison.Ordinal);
        }

        var early = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ListenAsync(started.TaskUri)));
        var readings = early.Select(ReadAsync).ToList();
        await Task.Delay(TimeSpan.FromSeconds(1));
        using var late = await ListenAsync(started.TaskUri);
        readings.Add(ReadAsync(late));

        foreach (var events in await Task.WhenAll(readings))
        {
            Assert.True(events.Count > 2, $"{events.Count} events");
            Assert.Equal("end", events[^1].Name);
            Assert.Equal("SUCCESS", States(events[^1].Details, "flow_details")["ExportFlow"]);
        }

        Array.ForEach(early, response => response.Dispose());
    }

    [Fact]
    public async Task An_event_stream_of_a_finished_operation_ends_at_once()
    {
        var exported = await Client.ExportedAsync(await Seeds.ImageAsync(Content.Random(100)));
        using var request = new HttpRequestMessage(HttpMethod.Get, exported.TaskUri);
        request.Headers.Accept.ParseAdd("text/event-stream");

        using var response = await Service.Client.SendAsync(request);

        Assert.Equal(["progress", "end"], (await ReadAsync(response)).Select(sent => sent.Name));
    }

    private async Task<HttpResponseMessage> ListenAsync(string taskUri)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, taskUri);
        request.Headers.Accept.ParseAdd("text/event-stream");
        return await Service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<List<(string Name, JsonElement Details)>> ReadAsync(HttpResponseMessage response)
    {
        var events = new List<(string, JsonElement)>();
        var text = await response.Content.ReadAsStringAsync();
        foreach (var block in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(block => block[0] != ':'))
        {
            var lines = block.Split('\n');
            Assert.StartsWith("event: ", lines[0], StringComparison.Ordinal);
            Assert.StartsWith("data: ", lines[1], StringComparison.Ordinal);
            events.Add((lines[0]["event: ".Length..], JsonElement.Parse(lines[1]["data: ".Length..]).GetProperty("details")));
        }

        return events;
    }
}
