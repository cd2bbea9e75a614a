using System.Net;
using System.Text;
using ImageBackup.TestSupport;

namespace ImageBackup.Api.Tests.Http;

/// <summary>Sends mutated bodies. Each is accepted or refused with a message. <c>IMAGEBACKUP_FUZZ_COUNT</c> and <c>IMAGEBACKUP_FUZZ_SEED</c> change the number and the cases.</summary>
public sealed class BodyFuzzTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private static readonly string[] Paths = ["/image-backups/export_image", "/image-backups/import_image", "/backup-nodes", "/cos", "/volumes"];

    private static readonly string[] Bodies =
    [
        """{"image-backup":{"name":"n","description":null,"src_image_id":"9c219888-1ab0-429e-9282-7cbc6957c839","upload_to_cos":"False","compression":"Fast"}}""",
        """{"import-image":{"name":"n","image_backup_id":32,"volume_type":"x","import_from_raw_file":true,"os_type":"aix","architecture":"ppc64"}}""",
        """{"backup_nodes":{"registration":{"access_ip":"9.9.9.9","user_id":"u","password":"p","display_name":"d"}}}""",
        """{"cos":{"name":"c","type":"s3","bucket_name":"b","credentials":{"cos_endpoint":"http://127.0.0.1:9","access_key":"a","secret_key":"s"}}}""",
        """{"volume":{"size":1,"metadata":{"a":"b"}}}""",
    ];

    [Fact]
    public async Task Mutated_bodies_are_accepted_or_refused()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("IMAGEBACKUP_FUZZ_COUNT") ?? "400");
        var random = new Random(int.Parse(Environment.GetEnvironmentVariable("IMAGEBACKUP_FUZZ_SEED") ?? "20260102"));
        for (var i = 0; i < count; i++)
        {
            var at = random.Next(Bodies.Length);
            var body = Mutate(Encoding.UTF8.GetBytes(Bodies[random.Next(4) == 0 ? random.Next(Bodies.Length) : at]), random);
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("application/json");

            using var answer = await service.Client.PostAsync(new Uri(ServiceFixture.V3(Paths[at]), UriKind.Relative), content);

            Assert.True(answer.StatusCode < HttpStatusCode.InternalServerError || answer.StatusCode == HttpStatusCode.ServiceUnavailable, $"{(int)answer.StatusCode} for {Paths[at]}: {Convert.ToBase64String(body)}");
        }
    }

    private static byte[] Mutate(byte[] body, Random random)
    {
        var bytes = body.ToList();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var place = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(place, Math.Min(bytes.Count - place, random.Next(1, 20)));
                    break;
                case 2:
                    bytes.InsertRange(place, bytes.GetRange(0, random.Next(Math.Min(bytes.Count, 60))));
                    break;
                case 3:
                    bytes.InsertRange(place, Encoding.UTF8.GetBytes(((string[])["“", "\\ud800", "1e999", "[[[[[[", "\0", "null", "-1", "{\"a\":{}}"])[random.Next(8)]));
                    break;
                default:
                    bytes.InsertRange(place, Enumerable.Repeat((byte)'x', random.Next(2000)));
                    break;
            }

            if (bytes.Count == 0)
            {
                bytes.Add((byte)'{');
            }
        }

        return [.. bytes];
    }
}
