using ImageBackup.Core.Errors;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Startup;

/// <summary>A setting that is unknown or not accepted stops the start with one line that names the key, its value and what is accepted.</summary>
public sealed class WrongSettingTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private string Data => Path.Combine(directory.Path, "data");

    [Theory]
    [InlineData("Auth:Users:0:Role", "reader", "ImageBackup:Auth:Users:0:Role is not a setting. The nearest setting is ImageBackup:Auth:Users:0:Roles:0.")]
    [InlineData("Auth:Users:3:Role:0", "reader", "ImageBackup:Auth:Users:3:Role:0 is not a setting. The nearest setting is ImageBackup:Auth:Users:3:Roles:0.")]
    [InlineData("DataDir", "/srv", "ImageBackup:DataDir is not a setting. The nearest setting is ImageBackup:DataDirectory.")]
    [InlineData("MaxConcurrent", "4", "ImageBackup:MaxConcurrent is not a setting. The nearest setting is ImageBackup:Flows:MaxConcurrent.")]
    [InlineData("Flow:Workers", "4", "ImageBackup:Flow:Workers is not a setting. The nearest setting is ImageBackup:Flows:Workers.")]
    [InlineData("Cos:SecretKeyfil", "/run/secret", "ImageBackup:Cos:SecretKeyfil is not a setting. The nearest setting is ImageBackup:Cos:SecretKeyFile.")]
    [InlineData("Auth:Users:1:Pasword", "open sesame", "ImageBackup:Auth:Users:1:Pasword is not a setting. The nearest setting is ImageBackup:Auth:Users:1:Password.")]
    public void An_unknown_key_names_the_nearest_known_one(string key, string value, string message) => AssertRefused(key, value, message);

    [Theory]
    [InlineData("Auth:Users:0:Roles", "reader", "ImageBackup:Auth:Users:0:Roles 'reader' is one value, but the setting takes a list. Use ImageBackup:Auth:Users:0:Roles:0, ImageBackup:Auth:Users:0:Roles:1 and so on.")]
    [InlineData("TrustedProxies", "10.0.0.1", "ImageBackup:TrustedProxies '10.0.0.1' is one value, but the setting takes a list. Use ImageBackup:TrustedProxies:0, ImageBackup:TrustedProxies:1 and so on.")]
    [InlineData("TrustedProxies:first", "10.0.0.1", "ImageBackup:TrustedProxies:first is not an entry of the list ImageBackup:TrustedProxies. Number the entries: ImageBackup:TrustedProxies:0, ImageBackup:TrustedProxies:1 and so on.")]
    [InlineData("DataDirectory:0", "/srv", "ImageBackup:DataDirectory takes one value, but ImageBackup:DataDirectory:0 is set. Use text that is not empty.")]
    [InlineData("Auth:Keystone:Roles", "member", "ImageBackup:Auth:Keystone:Roles 'member' is one value, but the setting takes a map. Use ImageBackup:Auth:Keystone:Roles:NAME for each entry.")]
    [InlineData("Auth:Users:0:ProjectRoles:test", "reader", "ImageBackup:Auth:Users:0:ProjectRoles:test 'reader' is one value, but the setting takes a list. Use ImageBackup:Auth:Users:0:ProjectRoles:test:0, ImageBackup:Auth:Users:0:ProjectRoles:test:1 and so on.")]
    [InlineData("Demo", "false", "ImageBackup:Demo 'false' is one value, but the setting is a section with Enabled.")]
    public void A_value_in_the_place_of_a_list_and_the_reverse_is_refused(string key, string value, string message) => AssertRefused(key, value, message);

    [Theory]
    [InlineData("Flows:MaxConcurrent", "many", "ImageBackup:Flows:MaxConcurrent 'many' is not accepted. Use a whole number from 1 to 256.")]
    [InlineData("Flows:MaxConcurrent", "0", "ImageBackup:Flows:MaxConcurrent '0' is not accepted. Use a whole number from 1 to 256.")]
    [InlineData("Demo:Enabled", "maybe", "ImageBackup:Demo:Enabled 'maybe' is not accepted. Use true or false.")]
    [InlineData("DataDirectory", "", "ImageBackup:DataDirectory '' is not accepted. Use text that is not empty.")]
    [InlineData("Auth:Mode", "LDAP", "ImageBackup:Auth:Mode 'LDAP' is not accepted. Use None, Embedded or Keystone.")]
    [InlineData("Auth:TokenLifetime", "30", "ImageBackup:Auth:TokenLifetime '30' is not accepted. Use a duration from 00:00:01 to 30.00:00:00.")]
    [InlineData("Auth:Mode", "Embedded", "ImageBackup:Auth:Mode Embedded has no user, so nobody could log in. Add ImageBackup:Auth:Users:0, or set ImageBackup:Auth:UsersFile.")]
    [InlineData("Limits:RequestTimeout", "2.00:00:00", "ImageBackup:Limits:RequestTimeout '2.00:00:00' is not accepted. Use a duration from 00:00:01 to 01:00:00.")]
    [InlineData("Cos:RetryDelaySeconds", "60", "ImageBackup:Cos:RetryDelaySeconds '60' is not accepted. Use a number from 0.01 to 30.")]
    [InlineData("PublicEndpoint", "powervc:9000", "ImageBackup:PublicEndpoint 'powervc:9000' is not accepted. Use a URL such as https://host.example:9000.")]
    [InlineData("PublicEndpoint", "ftp://user:secret@powervc", "ImageBackup:PublicEndpoint is not accepted. Use a URL such as https://host.example:9000.")]
    [InlineData("Auth:Users:0:ApplicationCredentials:0:ExpiresAt", "soon", "ImageBackup:Auth:Users:0:ApplicationCredentials:0:ExpiresAt 'soon' is not accepted. Use a time such as 2027-01-01T00:00:00Z.")]
    public void A_value_that_is_not_accepted_is_named_with_what_is(string key, string value, string message) => AssertRefused(key, value, message);

    [Theory]
    [InlineData("""{"ImageBackup": {"Auth": {"Users": [{"Name": "ann", "Role": "reader"}]}}}""", "ImageBackup:Auth:Users:0:Role is not a setting. The nearest setting is ImageBackup:Auth:Users:0:Roles:0.")]
    [InlineData("""{"ImageBackup": {"Auth": {"UsersFile": ["users.json"]}}}""", "ImageBackup:Auth:UsersFile takes one value, but ImageBackup:Auth:UsersFile:0 is set. Use text that is not empty.")]
    public async Task A_settings_file_is_held_to_the_same_rules(string json, string message)
    {
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "appsettings.json"), json);

        AssertOneLine(await ProgramRun.CommandAsync(["--ImageBackup:DataDirectory", Data, "--contentRoot", directory.Path]), message);
    }

    [Fact]
    public async Task Environment_variables_and_arguments_are_held_to_the_same_rules_before_anything_is_created()
    {
        var variable = await ProgramRun.CommandAsync(["--ImageBackup:DataDirectory", Data], new Dictionary<string, string> { ["ImageBackup__Flows__Worker"] = "4" });
        var argument = await ProgramRun.CommandAsync(["--ImageBackup:DataDirectory", Data, "--ImageBackup:Flows:Worker=4"]);

        AssertOneLine(variable, "ImageBackup:Flows:Worker is not a setting. The nearest setting is ImageBackup:Flows:Workers.");
        AssertOneLine(argument, "ImageBackup:Flows:Worker is not a setting. The nearest setting is ImageBackup:Flows:Workers.");
        Assert.False(Directory.Exists(Data));
    }

    [Theory]
    [InlineData("""{"Users": [{"Name": "ann", "Password": "x", "Role": "reader"}]}""", "Users:0:Role is not a setting. The nearest setting is Users:0:Roles:0.")]
    [InlineData("""{"TokenLifetime": "00:10:00"}""", "TokenLifetime is not a setting. The nearest setting is ")]
    public async Task A_users_file_is_held_to_the_same_rules(string json, string message)
    {
        var file = Path.Combine(directory.Path, "users.json");
        await File.WriteAllTextAsync(file, json);
        using var service = new ServiceFixture();
        service.Settings["ImageBackup:Auth:Mode"] = "Embedded";
        service.Settings["ImageBackup:Auth:UsersFile"] = file;

        var failure = Assert.Throws<StartException>(() => service.Client);

        Assert.StartsWith($"{file}: {message}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_lists_and_sections_are_accepted()
    {
        await File.WriteAllTextAsync(
            Path.Combine(directory.Path, "appsettings.json"),
            """{"ImageBackup": {"TrustedProxies": [], "Auth": {"Users": [], "Keystone": {}}, "Cos": null, "PublicEndpoint": null}}""");
        using var service = await ServiceProcess.StartAsync(Data, new Dictionary<string, string> { ["ASPNETCORE_CONTENTROOT"] = directory.Path });

        Assert.False(service.HasExited);
    }

    public void Dispose() => directory.Dispose();

    private static void AssertRefused(string key, string value, string message)
    {
        using var service = new ServiceFixture();
        service.Settings[$"ImageBackup:{key}"] = value;

        var failure = Assert.Throws<StartException>(() => service.Client);

        Assert.Equal(message, failure.Message);
    }

    private static void AssertOneLine(ProgramRun run, string message)
    {
        Assert.Equal(message, run.Errors.TrimEnd('\n'));
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, run.ExitCode);
    }
}
