using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Startup;

/// <summary>Settings of the database that do not fit together stop the start with one line that names the key.</summary>
public sealed class DatabaseSettingTests : IDisposable
{
    private const string Server = "Host=/nowhere;Database=imagebackup;Username=imagebackup;Password=open-sesame";
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private readonly TemporaryDirectory directory = new();

    [Theory]
    [InlineData("ImageBackup:Database:Provider 'MySql' is not accepted. Use Sqlite or PostgreSql.", "Database:Provider=MySql")]
    [InlineData("ImageBackup:Database:ConnectionString is missing: ImageBackup:Database:Provider PostgreSql needs it.", "Database:Provider=PostgreSql")]
    [InlineData("ImageBackup:Database:ConnectionString is not a connection string.", "Database:Provider=PostgreSql", "Database:ConnectionString=open-sesame")]
    [InlineData("ImageBackup:Database:ConnectionString names no Host or no Database.", "Database:Provider=PostgreSql", "Database:ConnectionString=Username=ann;Password=open-sesame")]
    [InlineData("ImageBackup:Database:ConnectionStringFile: /nowhere cannot be read: ", "Database:Provider=PostgreSql", "Database:ConnectionStringFile=/nowhere")]
    [InlineData("ImageBackup:Database:ConnectionString and ImageBackup:Database:ConnectionStringFile are both set.", "Database:Provider=PostgreSql", "Database:ConnectionStringFile=/nowhere", "Database:ConnectionString=" + Server)]
    [InlineData("ImageBackup:Database:ConnectionString is set, but ImageBackup:Database:Provider is Sqlite.", "Database:ConnectionString=" + Server)]
    [InlineData("ImageBackup:Cluster:Secret is missing: ImageBackup:Database:Provider PostgreSql needs it", "Database:Provider=PostgreSql", "Database:ConnectionString=" + Server)]
    [InlineData("ImageBackup:Cluster:Secret has fewer than 32 characters.", "Database:Provider=PostgreSql", "Database:ConnectionString=" + Server, "Cluster:Secret=open-sesame")]
    [InlineData("ImageBackup:Cluster:Secret is set, but ImageBackup:Database:Provider is Sqlite.", "Cluster:Secret=" + Secret)]
    [InlineData("ImageBackup:Cos:ServiceUrl is missing: ImageBackup:Database:Provider PostgreSql needs an S3 service", "Database:Provider=PostgreSql", "Database:ConnectionString=" + Server, "Cluster:Secret=" + Secret)]
    public async Task A_setting_that_does_not_fit_is_named(string line, params string[] settings)
    {
        var arguments = settings.Select(setting => $"--ImageBackup:{setting}");

        var run = await ProgramRun.CommandAsync(["serve", $"--ImageBackup:DataDirectory={Path.Combine(directory.Path, "data")}", .. arguments]);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith(line, run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain("open-sesame", run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => directory.Dispose();
}
