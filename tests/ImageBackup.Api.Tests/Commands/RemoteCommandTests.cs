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
        Assert.Matches(@"^ID +NAME +STATUS +IMAGE +HOST +ARCHIVE +CREATED\n", list.Output);
        Assert.Matches(@"\n\d+ +from-the-shell +uploaded +golden +local +\d+\.\d KiB +\d{4}-\d\d-\d\dT[\d:]+\n", list.Output);
        Assert.Equal("from-the-shell", Json(await RunAsync("verify", "from-the-shell", "--follow", "--json")).GetProperty("name").GetString());

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
            var seed = await Client.CallAsync(HttpMethod.Post, "/emulator/seed", "images: [{name: golden, volumes: [{size: 1MiB, content: random, data: 64KiB}]}]", "application/yaml");
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
