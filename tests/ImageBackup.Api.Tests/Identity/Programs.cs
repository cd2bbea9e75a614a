namespace ImageBackup.Api.Tests.Identity;

/// <summary>Other people's programs that tests need; one that is missing is a failure that says how to get it.</summary>
internal static class Programs
{
    private const string Install = "apt-get install -y --no-install-recommends "
        + "python3-openstackclient python3-keystoneauth1 python3-cinderclient python3-glanceclient keystone uwsgi-core uwsgi-plugin-python3 sqlite3 nginx";

    public static void Demand(params string[] names)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var missing = names.Where(name => !path.Any(directory => File.Exists(Path.Combine(directory, name)))).ToList();
        Assert.True(missing.Count == 0, $"{string.Join(", ", missing)} not found. On Debian: {Install}");
    }

    /// <summary>A file of the folder <c>Identity/Clients</c>.</summary>
    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Identity", "Clients", name);
}
