// Uses the module against a real engine and image, as tests/container/gate.sh calls it: ImageBackup.Testcontainers.Check IMAGE. A wrong answer throws.
using System.Net;
using ImageBackup.Client;
using ImageBackup.Testcontainers;

const string Seed = """
    images:
      - name: seeded
        volumes:
          - size: 4MiB
            content: mixed
    """;
using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));

Console.WriteLine("== starts with a seed, without log-in");
await using (var container = new ImageBackupBuilder(args[0]).WithSeed(Seed).Build())
{
    await container.StartAsync(limit.Token);
    using var client = container.CreateClient();
    await ExportAsync(client);
}

Console.WriteLine("== demands tokens where there is a user");
await using (var container = new ImageBackupBuilder(args[0]).WithSeed(Seed).WithUser("tester", "tester-password").Build())
{
    await container.StartAsync(limit.Token);
    using var stranger = new HttpClient { BaseAddress = container.BaseAddress };
    using var answer = await stranger.GetAsync(new Uri("/v2/images", UriKind.Relative), limit.Token);
    Expect(answer.StatusCode == HttpStatusCode.Unauthorized, $"a request without a token gets {answer.StatusCode}");
    using var client = container.CreateClient();
    await ExportAsync(client);
}

async Task ExportAsync(ImageBackupClient client)
{
    var image = await client.FindImageAsync("seeded", limit.Token);
    var started = await client.ExportAsync(new ExportRequest { Name = "check", SrcImageId = image.Id, UploadToCos = false }, limit.Token);
    await foreach (var _ in client.FollowAsync(started, limit.Token))
    {
    }

    var backup = await client.GetBackupAsync(started.BackupId, limit.Token);
    Expect(backup.Status == "available", $"the image backup is {backup.Status}: {backup.FailReason}");
}

static void Expect(bool isSo, string otherwise)
{
    if (!isSo)
    {
        throw new InvalidOperationException(otherwise);
    }
}
