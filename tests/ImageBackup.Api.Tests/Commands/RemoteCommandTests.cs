using System.Text.Json;
using ImageBackup.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Api.Tests.Commands;

/// <summary>The commands that call a service, as a shell runs them.</summary>
public sealed class RemoteCommandTests(RemoteCommandTests.Service service) : IClassFixture<RemoteCommandTests.Service>
{
    [Fact]
    public async Task An_export_is_followed_to_its_end_and_its_backup_is_listed_verified_and_deleted()
    {
        var export = await RunAsync("export", "--image", "golden", "--name", "from-the-shell", "--follow");
        Assert.True(export.ExitCode == 0, export.Errors);
        Assert.Contains("status       uploaded\n", export.Output, StringComparison.Ordinal);
        Assert.EndsWith("100 %\n", export.Errors, StringComparison.Ordinal);

        var list = await RunAsync("backups", "--status", "uploaded");
        Assert.Matches(@"^ID +NAME +STATUS +IMAGE +HOST +ARCHIVE +CREATED +VERIFIED\n", list.Output);
        Assert.Matches(@"\n\d+ +from-the-shell +uploaded +golden +local +\d+\.\d KiB +\d{4}-\d\d-\d\dT[\d:]+ +-\n", list.Output);
        var verified = await RunAsync("verify", "from-the-shell", "--follow", "--json", "--quiet");
        Assert.Equal(("from-the-shell", ""), (Json(verified).GetProperty("name").GetString(), verified.Errors));

        Assert.Equal(0, (await RunAsync("delete", "from-the-shell", "--follow")).ExitCode);
        Assert.Equal((4, "Image backup 'from-the-shell' could not be found.\n"), Refusal(await RunAsync("backups", "from-the-shell")));
    }

    [Fact]
    public async Task A_failed_operation_is_an_exit_code_and_its_reason()
    {
        service.Fail("create_ova_*", 0);

        var export = await RunAsync("export", "--image", "golden", "--follow");

        Assert.Equal(1, export.ExitCode);
        Assert.Contains("failed: create_ova_", export.Errors, StringComparison.Ordinal);
        Assert.Contains(FlowFaults.Message, export.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_export_is_retried_and_has_a_history()
    {
        service.Fail("create_ova_*", 0);
        await RunAsync("export", "--image", "golden", "--name", "to-retry", "--no-upload", "--follow");

        var retry = await RunAsync("retry", "to-retry", "--follow");
        var history = await RunAsync("history", "to-retry");

        Assert.True(retry.ExitCode == 0, retry.Errors);
        Assert.Contains("status       available\n", retry.Output, StringComparison.Ordinal);
        Assert.Matches(@"\AOPERATION +STATE +REQUESTED +ENDED +REASON\nexport +succeeded .*\nexport +failed .*\n\z", history.Output);
    }

    [Fact]
    public async Task Nodes_and_archives_are_listed_with_their_health()
    {
        await RunAsync("export", "--image", "golden", "--name", "on-node", "--no-upload", "--follow");

        var nodes = await RunAsync("nodes");
        var archives = await RunAsync("archives", "--host", "local");
        var neither = await RunAsync("archives");

        Assert.Matches(@"\ANODE +ADDRESS +FREE +HEALTH +BACKUPS +ARCHIVES +REASON\nlocal +127\.0\.0\.1 +\d+\.\d .iB of \d+\.\d .iB +up +\d+ +\d+\.\d KiB +-\n\z", nodes.Output);
        Assert.Matches(@"\non-node_\d+\.ova +\d+\.\d KiB +\d+ ", archives.Output);
        Assert.Equal((2, "Use either --host or --bucket.\n"), Refusal(neither));
    }

    [Theory]
    [InlineData(1, "--name", "filtered")]
    [InlineData(1, "--name-contains", "FILTER", "--status", "available", "--status", "error", "--host", "local", "--os", "AIX", "--image-name", "Golden", "--from", "2020-01-01", "--sort", "name:asc")]
    [InlineData(0, "--name", "filtered", "--before", "2020-01-01")]
    [InlineData(0, "--name", "filtered", "--bucket", "elsewhere")]
    public async Task The_list_of_backups_is_filtered(int count, params string[] filters)
    {
        if ((await RunAsync("backups", "filtered")).ExitCode != 0)
        {
            await RunAsync("export", "--image", "golden", "--name", "filtered", "--no-upload", "--follow");
        }

        Assert.Equal(count, Json(await RunAsync(["backups", "--json", .. filters])).GetArrayLength());
    }

    [Fact]
    public async Task An_import_without_following_prints_its_start_and_progress_follows_it()
    {
        var export = Json(await RunAsync("export", "--image", "golden", "--name", "to-import", "--no-upload", "--follow", "--json"));
        var start = Json(await RunAsync("import", "--backup", "to-import", "--name", "imported", "--json"));
        Assert.Equal(export.GetProperty("id").GetInt32(), start.GetProperty("backup_id").GetInt32());

        var progress = Json(await RunAsync("progress", "to-import", "--json"));

        var images = Json(await RunAsync("images", "--name", "imported", "--json"));
        Assert.Equal(progress.GetProperty("image_id").GetString(), Assert.Single(images.EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Wrong_arguments_go_to_the_error_stream_and_name_the_culprit()
    {
        var option = await RunAsync("export", "--image", "golden", "--uplaod");
        Assert.Equal((2, ""), (option.ExitCode, option.Output));
        Assert.Contains("'--uplaod'", option.Errors, StringComparison.Ordinal);
        Assert.EndsWith("Accepted arguments: imagebackup export --help\n", option.Errors, StringComparison.Ordinal);

        var help = await ProgramRun.CommandAsync(["export", "--help"]);
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("imagebackup export [options]", help.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ImageBackup.Api", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_an_exit_code()
        => Assert.Equal(5, (await ProgramRun.CommandAsync(["backups", "--url", $"http://127.0.0.1:{FreePorts.Take(1)[0]}"])).ExitCode);

    [Fact]
    public async Task Shells_complete_commands_and_options()
    {
        var suggested = await ProgramRun.CommandAsync(["[suggest:10]", "export --i"]);
        Assert.Contains("--image", suggested.Output, StringComparison.Ordinal);

        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "imagebackup"), $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "ImageBackup.Api.dll")}' \"$@\"\n");
        var run = await ProgramRun.RunAsync("bash", ["-c", """
            chmod +x "$0/imagebackup"; PATH="$0:$PATH"; eval "$(imagebackup completion bash)"
            COMP_LINE="imagebackup export --no-u" COMP_POINT=25 COMP_WORDS=(imagebackup export --no-u) COMP_CWORD=2; _imagebackup; echo "${COMPREPLY[@]}"
            """, directory.Path]);
        Assert.Equal("--no-upload\n", run.Output);
    }

    private static JsonElement Json(ProgramRun run) => run.ExitCode == 0 ? JsonElement.Parse(run.Output) : throw new InvalidOperationException(run.Errors);

    private static (int, string) Refusal(ProgramRun run) => (run.ExitCode, run.Errors);

    private Task<ProgramRun> RunAsync(params string[] arguments) => ProgramRun.CommandAsync(arguments, new Dictionary<string, string> { ["IMAGEBACKUP_URL"] = service.BaseAddress });

    /// <summary>A service with an image.</summary>
    public sealed class Service : RealPortServiceFixture, IAsyncLifetime
    {
        public async ValueTask InitializeAsync()
        {
            Settings["ImageBackup:Emulator:Enabled"] = "true";
            var seed = await Client.CallAsync(HttpMethod.Post, "/emulator/seed", "images: [{name: golden, os_distro: aix, volumes: [{size: 1MiB, content: random, data: 64KiB}]}]", "application/yaml");
            Assert.Equal(System.Net.HttpStatusCode.Created, seed.Status);
            _ = Services.GetRequiredService<Core.Flows.FaultInjector>();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
