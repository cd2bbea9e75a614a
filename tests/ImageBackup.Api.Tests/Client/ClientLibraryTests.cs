using System.Net;
using ImageBackup.Client;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Client;

/// <summary>The client library against the real service: log-in by variables and clouds.yaml, paging, renewal of tokens, refusals.</summary>
public sealed class ClientLibraryTests(ClientLibraryTests.Service service) : IClassFixture<ClientLibraryTests.Service>
{
    [Fact]
    public async Task A_password_in_variables_logs_in_and_lists_every_page()
    {
        using var client = new ImageBackupClient(CloudSettings.Read(null, Variables));

        var images = await client.ListImagesAsync(null, CancellationToken.None).ToListAsync(CancellationToken.None);

        Assert.Equal(Service.Images, images.Select(image => image.Name).Distinct().Count());
        Assert.Equal("image-7", (await client.FindImageAsync("image-7", CancellationToken.None)).Name);
    }

    [Fact]
    public async Task An_application_credential_in_a_clouds_file_logs_in()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "clouds.yaml");
        await File.WriteAllTextAsync(file, $$"""
            clouds:
              lab:
                auth_type: v3applicationcredential
                region_name: RegionOne
                auth: {auth_url: "{{service.BaseAddress}}/identity/v3", application_credential_id: ci-id, application_credential_secret: "ci secret: value"}
            """);
        using var client = new ImageBackupClient(CloudSettings.Read("lab", name => name == "OS_CLIENT_CONFIG_FILE" ? file : null));

        Assert.Empty(await client.ListBackupsAsync(null, CancellationToken.None).ToListAsync(CancellationToken.None));
        var missing = Assert.Throws<CloudSettingsException>(() => CloudSettings.Read("prod", name => name == "OS_CLIENT_CONFIG_FILE" ? file : null));
        Assert.Equal($"{file} has no cloud 'prod'. It has 'lab'.", missing.Message);
    }

    [Fact]
    public async Task A_token_that_has_ended_is_renewed_once()
    {
        using var client = new ImageBackupClient(CloudSettings.Read(null, Variables));
        Assert.Empty(await client.ListBackupsAsync(null, CancellationToken.None).ToListAsync(CancellationToken.None));

        // Seven hours later, the token has ended.
        await service.AdvanceAsync(7 * 3600);

        Assert.Empty(await client.ListBackupsAsync(null, CancellationToken.None).ToListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Refusals_have_the_status_and_the_message_of_the_service()
    {
        using var client = new ImageBackupClient(CloudSettings.Read(null, Variables));
        using var stranger = new ImageBackupClient(CloudSettings.Read(null, name => name == "OS_PASSWORD" ? "wrong" : Variables(name)));

        var missing = await Assert.ThrowsAsync<ImageBackupException>(() => client.GetBackupAsync(4711, CancellationToken.None));
        var unknown = await Assert.ThrowsAsync<ImageBackupException>(() => stranger.GetBackupAsync(1, CancellationToken.None));

        Assert.Equal((HttpStatusCode.NotFound, "itemNotFound", "Image backup 4711 could not be found."), (missing.Status, missing.Fault, missing.Message));
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.Status);
    }

    [Theory]
    [InlineData("OS_PASSWORD", "auth_url needs a password, or an application credential: set OS_PASSWORD, or OS_APPLICATION_CREDENTIAL_ID and OS_APPLICATION_CREDENTIAL_SECRET.")]
    [InlineData("OS_USERNAME", "auth_url needs a user: set OS_USERNAME or OS_USER_ID.")]
    [InlineData("OS_PROJECT_NAME", "A password needs a project: set OS_PROJECT_NAME or OS_PROJECT_ID.")]
    public async Task A_missing_variable_is_named(string missing, string message)
    {
        using var client = new ImageBackupClient(CloudSettings.Read(null, name => name == missing ? null : Variables(name)));

        Assert.Equal(message, (await Assert.ThrowsAsync<CloudSettingsException>(() => client.GetBackupAsync(1, CancellationToken.None))).Message);
    }

    private string? Variables(string name) => name switch
    {
        "OS_AUTH_URL" => service.BaseAddress + "/identity/v3",
        "OS_USERNAME" => "demo",
        "OS_PASSWORD" => "the password",
        "OS_PROJECT_NAME" => "ibm-default",
        _ => null,
    };

    /// <summary>A service with the embedded Keystone and more images than one page has.</summary>
    public sealed class Service : RealPortServiceFixture, IAsyncLifetime
    {
        public const int Images = 103;

        public async ValueTask InitializeAsync()
        {
            Settings["ImageBackup:Emulator:Enabled"] = "true";
            Settings["ImageBackup:Auth:Mode"] = "Embedded";
            Settings["ImageBackup:Auth:Users:0:Name"] = "demo";
            Settings["ImageBackup:Auth:Users:0:Password"] = "the password";
            Settings["ImageBackup:Auth:Users:0:Roles:0"] = "admin";
            Settings["ImageBackup:Auth:Users:0:ApplicationCredentials:0:Name"] = "ci";
            Settings["ImageBackup:Auth:Users:0:ApplicationCredentials:0:Id"] = "ci-id";
            Settings["ImageBackup:Auth:Users:0:ApplicationCredentials:0:Secret"] = "ci secret: value";
            var token = await TokenAsync();
            var images = string.Join(", ", Enumerable.Range(0, Images).Select(number => $"{{name: image-{number}, volumes: [{{size: 4KiB}}]}}"));
            var seed = await Client.CallAsync(HttpMethod.Post, "/emulator/seed", $"images: [{images}]", "application/yaml", ("X-Auth-Token", token));
            Assert.Equal(HttpStatusCode.Created, seed.Status);
        }

        public async Task AdvanceAsync(int seconds)
        {
            var answer = await Client.CallAsync(HttpMethod.Put, "/emulator/clock", $$$"""{"clock": {"advance_seconds": {{{seconds}}}}}""", headers: ("X-Auth-Token", await TokenAsync()));
            Assert.Equal(HttpStatusCode.OK, answer.Status);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task<string> TokenAsync()
        {
            const string body = """{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "demo", "domain": {"id": "default"}, "password": "the password"}}}, "scope": {"project": {"name": "ibm-default", "domain": {"id": "default"}}}}}""";
            return (await Client.PostJsonAsync("/identity/v3/auth/tokens", body)).Headers["X-Subject-Token"];
        }
    }
}
