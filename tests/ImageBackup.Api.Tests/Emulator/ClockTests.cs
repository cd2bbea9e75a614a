using System.Net;
using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Emulator;

/// <summary><c>/emulator/clock</c>: what the service takes for now.</summary>
public sealed class ClockTests(EmulatorFixture service) : IClassFixture<EmulatorFixture>
{
    private const string Seed = "images: [{name: source, volumes: [{size: 64KiB}]}]";

    [Fact]
    public async Task A_frozen_clock_stands_still_and_advances_by_the_second()
    {
        await service.ResetAsync();
        await service.SeedAsync(Seed);
        var image = (await service.ImageAsync("source")).GetProperty("id").GetString()!;

        await SetAsync("""{"clock": {"now": "2031-02-03T04:05:06Z", "frozen": true}}""");
        var first = await service.Backups.ExportedAsync(image);
        await SetAsync("""{"clock": {"advance_seconds": 90}}""");
        var second = await service.Backups.ExportedAsync(image);

        Assert.StartsWith("2031-02-03T04:05:06", (await service.Backups.ShowAsync(first.Id)).GetProperty("created_at").GetString());
        var later = await service.Backups.ShowAsync(second.Id);
        Assert.StartsWith("2031-02-03T04:06:36", later.GetProperty("created_at").GetString());
        Assert.Equal(later.GetProperty("created_at").GetString(), later.GetProperty("updated_at").GetString());
    }

    [Fact]
    public async Task An_idempotency_key_expires_when_the_clock_passes_a_day()
    {
        await service.ResetAsync();
        await service.SeedAsync(Seed);
        var body = BackupClient.ExportBody((await service.ImageAsync("source")).GetProperty("id").GetString()!);
        async Task<int> ExportAsync() => (await service.Backups.SendAsync(HttpMethod.Post, "/image-backups/export_image", body, ("Idempotency-Key", "k"))).Body.GetProperty("image-backup").GetProperty("backup_id").GetInt32();

        var first = await ExportAsync();
        await SetAsync("""{"clock": {"advance_seconds": 80000}}""");
        Assert.Equal(first, await ExportAsync());
        await SetAsync("""{"clock": {"advance_seconds": 10000}}""");

        Assert.NotEqual(first, await ExportAsync());
    }

    [Fact]
    public async Task A_shifted_clock_goes_on_and_returns_to_the_real_time()
    {
        var shifted = await SetAsync("""{"clock": {"now": "2020-01-01T00:00:00+01:00", "frozen": false}}""");
        Assert.StartsWith("2019-12-31T23:00:0", shifted.GetProperty("now").GetString());
        await Task.Delay(20);
        Assert.NotEqual(shifted.GetProperty("now").GetString(), (await ShowAsync()).GetProperty("now").GetString());

        Assert.Equal(HttpStatusCode.NoContent, (await service.Client.DeleteJsonAsync("/emulator/clock")).Status);

        Assert.Equal(0, (await ShowAsync()).GetProperty("shift_seconds").GetDouble(), 1);
    }

    [Theory]
    [InlineData("""{"clock": {"now": "noon"}}""", "Invalid input for field/attribute now. Value: noon. Use a time such as 2027-01-31T23:59:00Z.")]
    [InlineData("""{"clock": {"advance_seconds": -5000000000}}""", "Invalid input for field/attribute clock. The time must be from 1970 to 8999.")]
    [InlineData("""{"clock": {"frozen": "maybe"}}""", "Invalid input for field/attribute frozen. Value: maybe. 'maybe' is not one of [True, 'true', '1', 'on', 'yes', 'y', 't', False, 'false', '0', 'off', 'no', 'n', 'f'] (in any case)")]
    public async Task A_time_that_is_not_accepted_is_refused(string body, string message)
        => Assert.Equal(message, (await service.Client.PutJsonAsync("/emulator/clock", body)).Message);

    private async Task<JsonElement> SetAsync(string body)
    {
        var answer = await service.Client.PutJsonAsync("/emulator/clock", body);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{answer.Body}");
        return answer.Body.GetProperty("clock");
    }

    private async Task<JsonElement> ShowAsync() => (await service.Client.GetJsonAsync("/emulator/clock")).Body.GetProperty("clock");
}
