using System.Net;
using System.Text.Json;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Emulator;

/// <summary>The service with the emulator's routes and room for operations that wait.</summary>
public sealed class EmulatorFixture : ServiceFixture
{
    public EmulatorFixture()
    {
        Settings["ImageBackup:Emulator:Enabled"] = "true";
        Settings["ImageBackup:Flows:MaxConcurrent"] = "6";
        Backups = new BackupClient(this);
    }

    /// <summary>Calls the API.</summary>
    public BackupClient Backups { get; }

    /// <summary>Adds a seed in YAML and returns the ids of its image backups.</summary>
    public async Task<IReadOnlyList<int>> SeedAsync(string yaml)
    {
        var answer = await SendSeedAsync(yaml);
        return answer.Status == HttpStatusCode.Created
            ? [.. answer.Body.GetProperty("seed").GetProperty("image_backup_ids").EnumerateArray().Select(id => id.GetInt32())]
            : throw new InvalidOperationException($"POST /emulator/seed: {answer.Body}");
    }

    public Task<JsonAnswer> SendSeedAsync(string text, string type = "application/yaml") => Client.CallAsync(HttpMethod.Post, "/emulator/seed", text, type);

    public async Task ResetAsync() => (await Client.PostAsync(new Uri("/emulator/reset", UriKind.Relative), null)).EnsureSuccessStatusCode();

    /// <summary>Returns the image of the name.</summary>
    public async Task<JsonElement> ImageAsync(string name) => (await Backups.GetAsync($"/v2/images?name={name}")).Body.GetProperty("images").EnumerateArray().Single();
}
