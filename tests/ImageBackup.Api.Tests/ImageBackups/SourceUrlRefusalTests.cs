using System.Net;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>URLs that an import does not ask: server-side request forgery, also through redirects.</summary>
public sealed class SourceUrlRefusalTests : FlowTest, IClassFixture<SourceUrlFixture>
{
    private readonly WebFileServer server;

    public SourceUrlRefusalTests(SourceUrlFixture service)
        : base(service)
    {
        server = service.Server;
        server.Reset();
        server.Content = Content.Random(1 << 20);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data", "'169.254.169.254' is not among the hosts of ImageBackup:SourceUrl:AllowedHosts")]
    [InlineData("http://127.0.0.1:1/x.ova", "'127.0.0.1:1' is not among the hosts")]
    [InlineData("http://metadata.example:8080/x.ova", "'metadata.example:8080' is not among the hosts")]
    [InlineData("http://metadata.example.attacker.example/x.ova", "is not among the hosts")]
    [InlineData("http://user:secret@metadata.example/x.ova", "without user name and password")]
    [InlineData("file:///etc/passwd", "must be an absolute URL of http or https")]
    [InlineData("gopher://metadata.example/x.ova", "must be an absolute URL of http or https")]
    [InlineData("images/x.ova", "must be an absolute URL of http or https")]
    public async Task A_URL_that_is_not_allowed_is_refused(string url, string message)
    {
        await IsRefusedAsync(message, ("source_url", url));

        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest", "redirects to a URL that is not allowed")]
    [InlineData("http://localhost:1/", "redirects to a URL that is not allowed")]
    [InlineData("file:///etc/passwd", "redirects to a URL that is not allowed")]
    [InlineData("ftp://metadata.example/x", "redirects to a URL that is not allowed")]
    [InlineData("/turn.ova", "redirects more than 5 times")]
    public async Task A_redirect_that_is_not_allowed_is_not_followed(string target, string message)
    {
        server.Redirects["/turn.ova"] = target;

        await IsRefusedAsync(message, ("source_url", $"{server.Url}/turn.ova"));

        Assert.InRange(server.Requests.Count, 1, 6);
    }

    [Fact]
    public async Task A_redirect_during_the_download_is_checked_as_well()
    {
        server.OnRequest = request =>
        {
            if (!request.IsProbe)
            {
                server.Redirects["/later.img"] = "http://169.254.169.254/later.img";
            }
        };

        var started = await Client.ImportAsync(("source_url", $"{server.Url}/later.img"), ("import_from_raw_file", true));
        await Client.WaitAsync(started);

        Assert.Contains("redirects to a URL that is not allowed", (await Client.ShowAsync(started.Id)).GetProperty("fail_reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_allowed_redirect_is_followed()
    {
        server.Redirects["/old.img"] = $"{server.Url}/new.img";

        var image = await Client.ImportedAsync(("source_url", $"{server.Url}/old.img"), ("import_from_raw_file", true));

        Assert.Equal([server.Content], await Seeds.ContentsOfAsync(image));
    }

    [Theory]
    [InlineData("image_backup_id", 1, "source_url and image_backup_id cannot be given together")]
    [InlineData("cos_bucket", "cos-default", "source_url and cos_bucket cannot be given together")]
    [InlineData("checksum", "md5:0123", "Value: md5:0123. It must be sha256: and 64 hex digits")]
    [InlineData("ova_name", "../x.ova", "Value: ../x.ova. It must be the name of a file")]
    [InlineData("ova_name", "x.img", "Value: x.img. An archive ends in .ova")]
    [InlineData("volume_type", "none", "none could not be found")]
    [InlineData("backup_host", "nowhere", "Backup node nowhere could not be found")]
    public async Task A_field_that_does_not_fit_is_refused_by_name(string field, object value, string message)
        => await IsRefusedAsync(message, ("source_url", $"{server.Url}/x.ova"), (field, value));

    [Fact]
    public async Task A_checksum_without_a_URL_is_refused()
        => await IsRefusedAsync("It is the checksum of the file at source_url", ("ova_name", "x.ova"), ("checksum", $"sha256:{new string('0', 64)}"));

    [Fact]
    public async Task A_disk_with_the_name_of_an_archive_is_refused()
        => await IsRefusedAsync("It is the name of an archive", ("source_url", $"{server.Url}/x.ova"), ("import_from_raw_file", true));

    [Fact]
    public async Task A_file_that_the_server_does_not_have_is_refused()
    {
        server.Status = 404;

        await IsRefusedAsync($"File {server.Url}/gone.ova: the server does not have the file (HTTP 404).", ("source_url", $"{server.Url}/gone.ova?secret=1"));
    }

    [Fact]
    public async Task Without_allowed_hosts_the_feature_is_off_and_the_message_names_the_setting()
    {
        using var service = new ServiceFixture();

        var answer = await new BackupClient(service).PostAsync("/image-backups/import_image", BackupClient.ImportBody(("source_url", $"{server.Url}/x.ova")));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal($"source_url: imports by URL are switched off, because ImageBackup:SourceUrl:AllowedHosts names no host. Ask the administrator to add '{server.Authority}'.", answer.Message);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task An_allowed_host_at_a_private_address_is_not_contacted(string host)
    {
        using var service = new ServiceFixture();
        var authority = $"{host}:{new Uri(server.Url).Port}";
        service.Settings["ImageBackup:SourceUrl:AllowedHosts:0"] = authority;

        var answer = await new BackupClient(service).PostAsync("/image-backups/import_image", BackupClient.ImportBody(("source_url", $"http://{authority}/x.ova")));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("has a loopback, private or link-local address. Use a URL at a public address, or set ImageBackup:SourceUrl:AllowPrivateAddresses.", answer.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Https_with_a_private_authority_works_and_does_not_redirect_to_http()
    {
        using var certificates = new TestCertificates();
        await using var secure = await WebFileServer.StartAsync(certificates);
        using var scratch = new TemporaryDirectory();
        var authorities = Path.Combine(scratch.Path, "ca.pem");
        await File.WriteAllTextAsync(authorities, certificates.AuthorityPem, TestContext.Current.CancellationToken);
        secure.Content = server.Content;
        secure.Redirects["/plain.ova"] = $"{server.Url}/plain.ova";
        using var service = new ServiceFixture();
        service.Settings["ImageBackup:Cos:CaFile"] = authorities;
        service.Settings["ImageBackup:SourceUrl:AllowedHosts:0"] = secure.Authority;
        service.Settings["ImageBackup:SourceUrl:AllowedHosts:1"] = server.Authority;
        service.Settings["ImageBackup:SourceUrl:AllowPrivateAddresses"] = "true";

        var image = await new BackupClient(service).ImportedAsync(("source_url", $"{secure.Url}/x.img"), ("import_from_raw_file", true));
        var answer = await new BackupClient(service).PostAsync("/image-backups/import_image", BackupClient.ImportBody(("source_url", $"{secure.Url}/plain.ova")));

        Assert.Equal([secure.Content], await new ImageSeeds(service).ContentsOfAsync(image));
        Assert.Contains("redirects from https to http", answer.Message, StringComparison.Ordinal);
    }

    private async Task IsRefusedAsync(string message, params (string Name, object? Value)[] fields)
    {
        var before = await Footprint.TakeAsync(Service, withBackups: true);

        var answer = await Client.PostAsync("/image-backups/import_image", BackupClient.ImportBody(fields));

        Assert.InRange((int)answer.Status, 400, 404);
        Assert.Contains(message, answer.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Footprint.TakeAsync(Service, withBackups: true));
    }
}
