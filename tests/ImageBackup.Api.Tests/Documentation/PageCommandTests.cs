using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>Every command in the documentation runs in some test. The commands outside of examples are listed here.</summary>
public sealed partial class PageCommandTests
{
    private const string FirstCommand = "dotnet run --project src/ImageBackup.Api";

    /// <summary>Commands outside of examples, and what runs each.</summary>
    private static readonly Dictionary<string, string> RunElsewhere = new()
    {
        [FirstCommand] = nameof(The_README_command_starts_the_service),
        ["dotnet build"] = ".ci/run",
        ["dotnet test"] = ".ci/run",
        ["dotnet format --verify-no-changes"] = ".ci/run",
        ["dotnet test --project tests/ImageBackup.Ova.Tests --filter FullyQualifiedName~Tar"] = nameof(Documented_test_filters_match_tests_and_documented_variables_are_read),
        ["IMAGEBACKUP_FUZZ_COUNT=100000 IMAGEBACKUP_FUZZ_SEED=7 dotnet test --project tests/ImageBackup.Ova.Tests --filter FullyQualifiedName~Fuzz"] = nameof(Documented_test_filters_match_tests_and_documented_variables_are_read),
        ["IMAGEBACKUP_FUZZ_COUNT=20000 IMAGEBACKUP_FUZZ_SEED=7 dotnet test --project tests/ImageBackup.Api.Tests --filter FullyQualifiedName~Fuzz"] = nameof(Documented_test_filters_match_tests_and_documented_variables_are_read),
        ["IMAGEBACKUP_EVERY_FILE_CALL=1 dotnet test --project tests/ImageBackup.Api.Tests --filter FullyQualifiedName~FileFault"] = nameof(Documented_test_filters_match_tests_and_documented_variables_are_read),
        ["IMAGEBACKUP_DEFLATE_INPUTS=1000000 dotnet test --project tests/ImageBackup.Ova.Tests --filter FullyQualifiedName~ManagedDeflater"] = nameof(Documented_test_filters_match_tests_and_documented_variables_are_read),
        ["python3 tests/docs/run_examples.py docs/api.md --update"] = nameof(PageExampleTests),
        ["dotnet publish src/ImageBackup.Api -c Release -r linux-x64 --self-contained -o out"] = "tests/publish/check.sh, with this very line",
        ["tests/publish/check.sh"] = ".ci/run",
        ["imagebackup disk info disk.vhdx"] = "DiskCommandTests",
        ["imagebackup disk convert disk.vhdx disk.qcow2 --format qcow2"] = "DiskCommandTests",
        ["docker build -t imagebackup ."] = "tests/container/gate.sh",
        ["docker run --read-only --tmpfs /tmp -p 127.0.0.1:9000:9000 -v imagebackup:/data -e ImageBackup__Auth__AllowAnonymousRemote=true imagebackup"] = "tests/container/check.sh, with this very line",
        ["tests/container/check.sh"] = "tests/container/gate.sh",
        ["tests/container/compose.sh"] = "tests/container/gate.sh",
        ["tests/container/scale.sh"] = "tests/container/gate.sh",
        ["tests/container/engine.sh tests/container/gate.sh"] = ".ci/run",
        ["dotnet run -c Release --project tests/ImageBackup.Benchmarks -- all --docs docs/benchmarks.md --json benchmarks.json"] = "TinyBenchmarkTests, in the tiny form and with these options",
    };

    private static readonly string[] Pages = ["README.md", "SECURITY.md", .. Directory.GetFiles(Path.Combine(ProgramRun.Repository, "docs"), "*.md").Select(page => $"docs/{Path.GetFileName(page)}")];

    [Fact]
    public async Task Every_command_of_the_documentation_is_run()
    {
        var found = new List<string>();
        foreach (var page in Pages)
        {
            var rest = Examples().Replace(await ReadAsync(page), "");
            Assert.True(!Shell().IsMatch(rest), $"{page} has a block of commands outside of its examples.");
            found.AddRange(Indented().Matches(rest).Select(line => line.Groups["command"].Value));
        }

        Assert.Equal(RunElsewhere.Keys.Order(), found.Distinct().Order());
    }

    [Fact]
    public async Task Every_setting_that_the_documentation_names_exists()
    {
        var table = await ReadAsync("docs/configuration.md");
        var keys = Row().Matches(table).Select(row => row.Groups["key"].Value).ToHashSet();
        var sections = string.Join('|', keys.Where(key => key.Contains(':', StringComparison.Ordinal)).Select(key => key.Split(':')[0]).Distinct());

        string[] files = [.. Pages, "docker-compose.yml", "docker-compose.scale.yml", "Dockerfile", "tests/container/compose.emulator.yml", "tests/container/compose.scale.emulator.yml", .. Kubernetes()];
        var count = 0;
        foreach (var file in files)
        {
            var text = await ReadAsync(file);
            var named = Variable().Matches(text).Concat(Regex.Matches(text, $@"(?<=`)(ImageBackup:)?(?<key>({sections})(:\w+)+)"));
            var normal = named.Select(match => Place().Replace(match.Groups["key"].Value.Replace("__", ":", StringComparison.Ordinal), ":N")).ToList();
            var wrong = normal.Where(key => !IsKnown(key)).ToList();
            count += normal.Count;
            Assert.True(wrong is [], $"{file} names {string.Join(", ", wrong)}");
        }

        Assert.True(count > 50);

        // A key, a section, or an entry of a list or map.
        bool IsKnown(string key) => keys.Any(known => known == key || known.StartsWith(key + ":", StringComparison.Ordinal) || key.StartsWith(known + ":", StringComparison.Ordinal) && !IsSection(known));
        bool IsSection(string known) => keys.Any(key => key.StartsWith(known + ":", StringComparison.Ordinal) && !key.StartsWith(known + ":N", StringComparison.Ordinal));
    }

    /// <summary>Tests reach no external store. The error about an unreachable store shows that the request was valid.</summary>
    [Fact]
    public async Task The_documented_bucket_registrations_are_valid()
    {
        using var service = new ServiceFixture { Settings = { ["ImageBackup:Cos:MaxAttempts"] = "1" } };
        var page = await ReadAsync("docs/operations.md");
        var away = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";
        var ibm = IbmBucket().Match(page).Groups["body"].Value;
        var other = $$$"""{"cos": {"name": "Cos-2", "type": "s3", "bucket_name": "bucket-1", {{{Credentials().Match(page).Value}}}}}""";

        foreach (var body in new[] { ibm, other })
        {
            var answer = await service.Client.PostJsonAsync(ServiceFixture.V3("/cos"), Address().Replace(body, away));

            Assert.True(answer.Status == HttpStatusCode.ServiceUnavailable, $"{answer.Status}: {answer.Body}");
        }
    }

    [Fact]
    public async Task The_README_command_starts_the_service()
    {
        using var directory = new TemporaryDirectory();
        var address = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";

        var log = Path.Combine(directory.Path, "log");
        var start = new ProcessStartInfo("bash", ["-c", $"exec {FirstCommand} --no-build >'{log}' 2>&1"]) { WorkingDirectory = ProgramRun.Repository };
        start.Environment["ASPNETCORE_URLS"] = address;
        start.Environment["ImageBackup__DataDirectory"] = Path.Combine(directory.Path, "data");
        using var client = new HttpClient();
        using var process = Process.Start(start)!;
        try
        {
            var images = await Polling.ForAsync("the first answer", async () =>
            {
                if (process.HasExited)
                {
                    Assert.Fail(await File.ReadAllTextAsync(log));
                }

                try
                {
                    return await client.GetStringAsync(new Uri($"{address}/v2/images"));
                }
                catch (HttpRequestException)
                {
                    return null;
                }
            });

            Assert.Contains("demo-aix", images, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task Documented_test_filters_match_tests_and_documented_variables_are_read()
    {
        foreach (var command in RunElsewhere.Where(command => command.Value == nameof(Documented_test_filters_match_tests_and_documented_variables_are_read)).Select(command => command.Key))
        {
            var match = FilteredTest().Match(command);
            var sources = Directory.GetFiles(Path.Combine(ProgramRun.Repository, match.Groups["project"].Value), $"*{match.Groups["word"].Value}*Tests.cs", SearchOption.AllDirectories);

            Assert.NotEmpty(sources);
            foreach (Capture variable in match.Groups["variable"].Captures)
            {
                Assert.All(sources, source => Assert.Contains(variable.Value, File.ReadAllText(source), StringComparison.Ordinal));
            }
        }
    }

    private static IEnumerable<string> Kubernetes()
        => Directory.GetFiles(Path.Combine(ProgramRun.Repository, "docs", "kubernetes")).Select(file => $"docs/kubernetes/{Path.GetFileName(file)}");

    private static Task<string> ReadAsync(string file) => File.ReadAllTextAsync(Path.Combine(ProgramRun.Repository, file));

    [GeneratedRegex("<!-- examples -->.*?<!-- /examples -->", RegexOptions.Singleline)]
    private static partial Regex Examples();

    [GeneratedRegex("^```sh", RegexOptions.Multiline)]
    private static partial Regex Shell();

    /// <summary>An indented line that begins like a command.</summary>
    [GeneratedRegex(@"^ {4}(?<command>([A-Z_]+=\S+ )*(dotnet|docker|python3|tests/|curl|tar|sqlite3|imagebackup)[^\n]*)", RegexOptions.Multiline)]
    private static partial Regex Indented();

    [GeneratedRegex(@"^\| `(?<key>[\w:]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"ImageBackup(__|:)(?<key>[A-Za-z0-9]+((__|:)[A-Za-z0-9]+)*)")]
    private static partial Regex Variable();

    [GeneratedRegex(@":\d+")]
    private static partial Regex Place();

    [GeneratedRegex(@"/cos -H 'Content-Type: application/json' -d '(?<body>[^']*ibm_cos[^']*)'")]
    private static partial Regex IbmBucket();

    [GeneratedRegex(@"^""credentials"": .*\}$", RegexOptions.Multiline)]
    private static partial Regex Credentials();

    [GeneratedRegex(@"https://[^""]+")]
    private static partial Regex Address();

    [GeneratedRegex(@"^((?<variable>\w+)=\S+ )*dotnet test --project (?<project>\S+) --filter FullyQualifiedName~(?<word>\w+)$")]
    private static partial Regex FilteredTest();
}
