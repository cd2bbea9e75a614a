using System.Text.RegularExpressions;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Documentation;

/// <summary>The table of attacks in SECURITY.md.</summary>
public sealed partial class SecurityPageTests
{
    [Fact]
    public async Task Every_attack_names_tests_that_exist()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(ProgramRun.Repository, "SECURITY.md"));
        var present = Directory.EnumerateFiles(Path.Combine(ProgramRun.Repository, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var rows = page.Split('\n').SkipWhile(line => !line.StartsWith("| attack", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|')).ToList();

        Assert.NotEmpty(rows);
        Assert.All(rows, row =>
        {
            var tests = TestClass().Matches(row).Select(match => match.Groups[1].Value).ToList();
            Assert.NotEmpty(tests);
            Assert.All(tests, test => Assert.Contains(test, present));
        });
    }

    [GeneratedRegex(@"`(\w+Tests)`")]
    private static partial Regex TestClass();
}
