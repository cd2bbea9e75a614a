using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ImageBackup.Core.Buckets;
using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.ObjectStorage.S3;
using ImageBackup.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Tests.CloudObjectStorage;

/// <summary>Registrations of buckets in a real S3 server.</summary>
public sealed class CosTests(CosTests.CosFixture cos) : IClassFixture<CosTests.CosFixture>
{
    private static readonly string Cos = ServiceFixture.V3("/cos");

    private readonly HttpClient client = cos.Service.Client;

    [Fact]
    public async Task A_registered_bucket_is_shown_without_its_secrets()
    {
        var bucket = await cos.CreateBucketAsync();

        using var answer = await client.PostAsJsonAsync(Cos, await RegistrationAsync("Cos-1", bucket));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var made = await ReadAsync(answer);
        Assert.Equal("Cos-1", made.GetProperty("name").GetString());
        Assert.Equal("ibm_cos", made.GetProperty("type").GetString());
        Assert.Equal(bucket, made.GetProperty("bucket_name").GetString());
        Assert.Equal(["cos_endpoint", "region"], made.GetProperty("credentials").EnumerateObject().Select(field => field.Name));
        var shown = await client.GetStringAsync($"{Cos}/{made.GetProperty("id")}");
        var listed = await client.GetStringAsync(Cos);
        Assert.Contains(bucket, shown, StringComparison.Ordinal);
        Assert.Contains(bucket, listed, StringComparison.Ordinal);
        Assert.DoesNotContain(SwiftServer.SecretKey, shown + listed, StringComparison.Ordinal);
        Assert.DoesNotContain(SwiftServer.AccessKey, shown + listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_without_keys_at_a_private_address_is_refused()
    {
        using var answer = await client.PostAsJsonAsync(Cos, new { cos = new { name = "public", bucket_name = "bucket-1", credentials = new { cos_endpoint = "http://127.0.0.1:9" } } });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Host '127.0.0.1' has a loopback, private or link-local address.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("\"public\"", await client.GetStringAsync(Cos), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_neither_in_the_database_nor_in_the_log()
    {
        var bucket = await cos.CreateBucketAsync();
        using var made = await client.PostAsJsonAsync(Cos, await RegistrationAsync("kept", bucket));
        using var refused = await client.PostAsJsonAsync(Cos, await RegistrationAsync("refused", bucket + "-not", secretKey: "wrong-SECRET"));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        var kept = System.IO.Directory.GetFiles(cos.Service.DataDirectory, "imagebackup.db*").Select(ReadShared).Append(cos.Log).ToList();

        Assert.Contains(kept, text => text.Contains(bucket, StringComparison.Ordinal));
        Assert.Contains("/cos", kept[^1], StringComparison.Ordinal);
        Assert.All(kept, text => Assert.DoesNotContain(SwiftServer.AccessKey, text, StringComparison.Ordinal));
        Assert.All(kept, text => Assert.DoesNotContain("SECRET", text, StringComparison.Ordinal));
        Assert.All(kept, text => Assert.DoesNotContain("\"" + SwiftServer.SecretKey + "\"", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_bucket_is_refused_with_its_name_endpoint_and_cause()
    {
        var message = await RefusedAsync(HttpStatusCode.BadRequest, await RegistrationAsync("missing", "no-such-bucket"));

        Assert.Equal($"Bucket 'no-such-bucket' at {(await cos.SwiftAsync()).Url}: the bucket does not exist (NoSuchBucket, HTTP 404).", message);
    }

    [Fact]
    public async Task Wrong_keys_are_reported()
        => Assert.Contains("refuses these keys", await RefusedAsync(HttpStatusCode.BadRequest, await RegistrationAsync("wrong", "bucket-1", secretKey: "wrong")), StringComparison.Ordinal);

    [Fact]
    public async Task An_unreachable_store_is_unavailable()
    {
        var url = $"http://127.0.0.1:{FreePorts.Take(1)[0]}";

        Assert.Contains(url, await RefusedAsync(HttpStatusCode.ServiceUnavailable, await RegistrationAsync("down", "bucket-1", url)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"cos_endpoint":"http://s3","access_key":"a","secret_key":"s","cos_resource_crn":"crn"}""", "'cos_resource_crn' and 'access_key'")]
    [InlineData("""{"cos_endpoint":"http://s3","access_key":"a"}""", "'secret_key' is a required property")]
    [InlineData("""{"cos_endpoint":"http://s3","cos_resource_crn":"crn"}""", "'cos_api_key_id' is a required property")]
    [InlineData("""{"cos_endpoint":"http://s3","cos_api_key_id":"k"}""", "'cos_resource_crn' is a required property")]
    [InlineData("""{"access_key":"a","secret_key":"s"}""", "'cos_endpoint' is a required property")]
    [InlineData("""{"cos_endpoint":"file:///etc/passwd","access_key":"a","secret_key":"s"}""", "absolute http or https URL")]
    [InlineData("""{"cos_endpoint":"http://me:pw@s3","access_key":"a","secret_key":"s"}""", "absolute http or https URL")]
    [InlineData("""{"cos_endpoint":"http://s3","access_key":"a","secret_key":"s","token":"x"}""", "'token' was unexpected")]
    [InlineData("""{"cos_endpoint":"http://s3","access_key":"a\r\nX-Evil: 1","secret_key":"s"}""", "printable ASCII")]
    public async Task Incomplete_or_mixed_credentials_are_refused_and_name_the_field(string credentials, string expected)
    {
        var body = new { cos = new { name = "half", bucket_name = "bucket-1", credentials = JsonDocument.Parse(credentials).RootElement } };

        Assert.Contains(expected, await RefusedAsync(HttpStatusCode.BadRequest, body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"hidden-word\"")]
    [InlineData("[\"hidden-word\"]")]
    [InlineData("""{"cos_endpoint":"http://s3","access_key":["hidden-word"],"secret_key":"s"}""")]
    public async Task Credentials_of_the_wrong_type_are_not_repeated(string credentials)
    {
        var body = new { cos = new { name = "wrong", bucket_name = "bucket-1", credentials = JsonDocument.Parse(credentials).RootElement } };

        Assert.DoesNotContain("hidden-word", await RefusedAsync(HttpStatusCode.BadRequest, body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_archives_of_a_bucket_are_listed_page_by_page()
    {
        var bucket = await cos.CreateBucketAsync();
        var id = (await RegisterAsync("images", bucket)).GetProperty("id").GetInt32();
        foreach (var key in new[] { "b_2.ova.gz", "a 1.ova", "notes.txt", "c_3.ova" })
        {
            await cos.PutAsync(bucket, key, [1, 2, 3]);
        }

        var first = await client.GetFromJsonAsync<JsonElement>($"{Cos}/{id}/list_images?limit=2");
        var next = new Uri(first.GetProperty("images_links")[0].GetProperty("href").GetString()!).PathAndQuery;
        var second = await client.GetFromJsonAsync<JsonElement>(next);

        Assert.Equal(["a 1.ova", "b_2.ova.gz"], Names(first));
        Assert.Equal(["c_3.ova"], Names(second));
        Assert.False(second.TryGetProperty("images_links", out _));
        Assert.Equal(3, first.GetProperty("images")[0].GetProperty("size").GetInt64());
        Assert.Equal(bucket, first.GetProperty("images")[0].GetProperty("bucket_name").GetString());

        static IEnumerable<string?> Names(JsonElement page) => page.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_bucket_shows_its_health_and_which_archives_have_an_image_backup()
    {
        var bucket = await cos.CreateBucketAsync();
        var id = (await RegisterAsync("healthy", bucket)).GetProperty("id").GetInt32();
        await cos.PutAsync(bucket, "stray.ova", [1, 2, 3]);
        var backups = new BackupClient(cos.Service);
        var exported = await backups.ExportedAsync(await new ImageSeeds(cos.Service).ImageAsync(Content.Random(100)), ("upload_to_cos", true), ("cos_bucket", bucket));

        var health = (await client.GetFromJsonAsync<JsonElement>($"{Cos}/{id}/health")).GetProperty("health");
        var images = (await client.GetFromJsonAsync<JsonElement>($"{Cos}/{id}/list_images")).GetProperty("images").EnumerateArray()
            .ToDictionary(image => image.GetProperty("name").GetString()!, image => image.GetProperty("image_backup_id"));

        Assert.Equal("up", health.GetProperty("status").GetString());
        Assert.Equal(1, health.GetProperty("backup_count").GetInt32());
        Assert.Equal((await backups.ShowAsync(exported.Id)).GetProperty("ova_size").GetInt64(), health.GetProperty("archive_bytes").GetInt64());
        Assert.Equal(JsonValueKind.Null, images["stray.ova"].ValueKind);
        Assert.Equal(exported.Id, images[$"backup_{exported.Id}.ova"].GetInt32());
    }

    [Fact]
    public async Task A_registration_of_another_project_is_not_found()
    {
        var id = (await RegisterAsync("mine", await cos.CreateBucketAsync())).GetProperty("id").GetInt32();

        foreach (var path in new[] { $"/v3/0123456789abcdef/cos/{id}", $"/v3/0123456789abcdef/cos/{id}/list_images" })
        {
            using var answer = await client.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        using var deleted = await client.DeleteAsync($"/v3/0123456789abcdef/cos/{id}");
        Assert.Equal(HttpStatusCode.NotFound, deleted.StatusCode);
    }

    [Fact]
    public async Task A_bucket_can_be_registered_once()
    {
        var bucket = await cos.CreateBucketAsync();
        await RegisterAsync("first", bucket);

        Assert.Contains("'first'", await RefusedAsync(HttpStatusCode.BadRequest, await RegistrationAsync("second", bucket)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registration_is_changed_only_to_a_reachable_bucket_and_its_deletion_keeps_the_bucket()
    {
        var bucket = await cos.CreateBucketAsync();
        var path = $"{Cos}/{(await RegisterAsync("before", bucket)).GetProperty("id")}";

        using var refused = await client.PutAsJsonAsync(path, new { cos = new { bucket_name = "no-such-bucket" } });
        using var renamed = await client.PutAsJsonAsync(path, new { cos = new { name = "after", type = "s3" } });
        var shown = (await client.GetFromJsonAsync<JsonElement>(path)).GetProperty("cos");
        using var deleted = await client.DeleteAsync(path);
        using var gone = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        Assert.Equal("after", shown.GetProperty("name").GetString());
        Assert.Equal("s3", shown.GetProperty("type").GetString());
        Assert.Equal(bucket, shown.GetProperty("bucket_name").GetString());
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        await RegisterAsync("again", bucket);
    }

    [Fact]
    public async Task A_registered_bucket_name_is_valid_in_its_project_only()
    {
        var bucket = await cos.CreateBucketAsync();
        await RegisterAsync("resolved", bucket);
        var buckets = cos.Service.Services.GetRequiredService<BucketResolver>();

        var mine = await buckets.ResolveAsync(ServiceFixture.ProjectId, bucket, CancellationToken.None);
        var others = await buckets.ResolveAsync("0123456789abcdef", bucket, CancellationToken.None);

        Assert.Equal((await cos.SwiftAsync()).Url, mine.Store.Endpoint);
        await mine.Store.CheckBucketAsync(mine.Name, CancellationToken.None);
        Assert.Equal("the embedded store", others.Store.Endpoint);
        Assert.Equal(
            ObjectStoreError.NoBucket,
            (await Assert.ThrowsAsync<ObjectStoreException>(() => others.Store.CheckBucketAsync(bucket, CancellationToken.None))).Error);
    }

    [Fact]
    public void An_incomplete_store_configuration_stops_the_start()
    {
        using var service = new ServiceFixture();
        service.Settings["ImageBackup:Cos:ServiceUrl"] = "http://127.0.0.1:9";
        service.Settings["ImageBackup:Cos:AccessKey"] = "key";

        var failure = Assert.Throws<OptionsValidationException>(() => service.Client);

        Assert.Contains("ImageBackup:Cos:SecretKey", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
        => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("cos");

    private static string ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private async Task<object> RegistrationAsync(string name, string bucket, string? url = null, string secretKey = SwiftServer.SecretKey) => new
    {
        cos = new { name, bucket_name = bucket, credentials = new { cos_endpoint = url ?? (await cos.SwiftAsync()).Url, access_key = SwiftServer.AccessKey, secret_key = secretKey } },
    };

    private async Task<JsonElement> RegisterAsync(string name, string bucket)
    {
        using var answer = await client.PostAsJsonAsync(Cos, await RegistrationAsync(name, bucket));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await ReadAsync(answer);
    }

    /// <summary>The message of a refusal that leaves no record.</summary>
    private async Task<string> RefusedAsync(HttpStatusCode expected, object body)
    {
        var before = await client.GetStringAsync(Cos);
        using var answer = await client.PostAsJsonAsync(Cos, body);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(before, await client.GetStringAsync(Cos));
        var fault = (await answer.Content.ReadFromJsonAsync<JsonElement>()).EnumerateObject().Single().Value;
        return fault.GetProperty("message").GetString()!;
    }

    public sealed class CosFixture : IDisposable
    {
        private readonly SharedSwift swift;
        private readonly TemporaryDirectory directory = new();
        private readonly StringWriter log = new();
        private readonly TextWriter console = Console.Out;

        public CosFixture(SharedSwift swift)
        {
            this.swift = swift;
            Service.Settings["Serilog:MinimumLevel:Default"] = "Verbose";
            Service.Settings["Serilog:MinimumLevel:Override:Microsoft"] = "Verbose";
            Console.SetOut(TextWriter.Synchronized(log));
        }

        public ServiceFixture Service { get; } = new();

        /// <summary>Everything logged so far, at the most verbose level.</summary>
        public string Log
        {
            get
            {
                // The synchronized writer takes this lock.
                lock (Console.Out)
                {
                    return log.ToString();
                }
            }
        }

        public void Dispose()
        {
            Service.Dispose();
            Console.SetOut(console);
            log.Dispose();
            directory.Dispose();
        }

        public Task<SwiftServer> SwiftAsync() => swift.ServerAsync();

        public async Task<string> CreateBucketAsync() => await (await SwiftAsync()).CreateBucketAsync();

        public async Task PutAsync(string bucket, string key, byte[] content)
        {
            using var store = new S3ObjectStore((await SwiftAsync()).Credentials(), new CosOptions(), TimeProvider.System, NullLogger.Instance);
            var path = Path.Combine(directory.Path, $"{Guid.NewGuid():n}");
            await File.WriteAllBytesAsync(path, content);
            var upload = new ObjectUpload
            {
                Bucket = new Bucket(store, bucket),
                Key = key,
                FilePath = path,
                Metadata = new BackupMetadata(null, null, null, null),
                SaveResume = (_, _) => Task.CompletedTask,
            };
            await store.PutAsync(upload, long.MaxValue, (_, _) => ValueTask.CompletedTask, CancellationToken.None);
        }
    }
}
