using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Tests.Descriptor;
using ImageBackup.Ova.Tests.IO;
using ImageBackup.Ova.Tests.Tar;

namespace ImageBackup.Ova.Tests.Archive;

/// <summary>A manifest of any algorithm, in any place of the archive, is compared with the volumes, not only with the small members.</summary>
public sealed class ManifestTests : IDisposable
{
    private static readonly byte[] Disk = Random.Shared.NextBytes(100_000);

    private static readonly byte[] Descriptor = PowerVcs.With(capacity: "1048576");

    private readonly TempDirectory directory = new();

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (var algorithm in new[] { "SHA1", "SHA256", "SHA2-256", "SHA384", "SHA512" })
            {
                cases.Add(algorithm, false);
                cases.Add(algorithm, true);
            }

            return cases;
        }
    }

    public void Dispose() => directory.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_volume_that_differs_from_the_manifest_is_not_restored(string algorithm, bool gzip)
    {
        var member = gzip ? Gzip(Disk) : Disk;
        byte[] changed = [.. Disk[..^1], (byte)(Disk[^1] ^ 1)];
        var manifest = Manifest(algorithm, ("x.ovf", Descriptor), ("aixdb_boot", member));

        var restored = await RestoreAsync(("x.ovf", Descriptor), ("aixdb_boot", member), ("x.mf", manifest));
        var refusal = await Assert.ThrowsAsync<InvalidOvaException>(
            () => RestoreAsync(("x.ovf", Descriptor), ("aixdb_boot", gzip ? Gzip(changed) : changed), ("x.mf", manifest)));
        var verified = await VerifyAsync();

        Assert.Equal(Disk, restored);
        Assert.Contains("aixdb_boot", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"{Hash(algorithm, member)} expected", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(("aixdb_boot", Hash(algorithm, member)), (verified.Mismatch!.Member, verified.Mismatch.Expected.Hex));
    }

    [Theory]
    [InlineData("x.ovf", "x.mf", "x.cert", "aixdb_boot")]
    [InlineData("x.ovf", "aixdb_boot", "x.mf", "x.cert")]
    public async Task Manifest_and_certificate_stand_behind_the_descriptor_or_at_the_end(params string[] order)
    {
        var members = new Dictionary<string, byte[]>
        {
            ["x.ovf"] = [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"), .. Descriptor],
            ["x.cert"] = "SHA256(x.mf)= 00\n-----BEGIN CERTIFICATE-----\n"u8.ToArray(),
            ["aixdb_boot"] = Disk,
        };
        var text = Encoding.UTF8.GetString(Manifest("SHA256", ("x.ovf", members["x.ovf"]), ("aixdb_boot", Disk))).ReplaceLineEndings("\r\n");
        members["x.mf"] = [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(text)];

        var restored = await RestoreAsync([.. order.Select(name => (name, members[name]))]);

        Assert.Equal(Disk, restored);
        Assert.Equal((2, null), ((await VerifyAsync()).MembersChecked, (await VerifyAsync()).Mismatch));
    }

    private async Task<byte[]> RestoreAsync(params (string Name, byte[] Bytes)[] members)
    {
        await File.WriteAllBytesAsync(directory["x.ova"], RawTar.Of(members).End());
        var archive = await OvaReader.ReadAsync(directory["x.ova"], Sample.Options(directory), Sample.NoProgress, CancellationToken.None);
        await Sample.RestoreAsync(archive.Volumes.Single(), directory["restored"]);
        return (await File.ReadAllBytesAsync(directory["restored"]))[..Disk.Length];
    }

    private Task<OvaVerification> VerifyAsync() => OvaVerifier.VerifyAsync(directory["x.ova"], Sample.Options(directory), Sample.NoProgress, CancellationToken.None);

    private static byte[] Manifest(string algorithm, params (string Name, byte[] Bytes)[] members)
        => Encoding.UTF8.GetBytes(string.Concat(members.Select(member => $"{algorithm}({member.Name})= {Hash(algorithm, member.Bytes)}\n")));

    private static string Hash(string algorithm, byte[] bytes)
        => Convert.ToHexStringLower(CryptographicOperations.HashData(new HashAlgorithmName(algorithm.Replace("SHA2-", "SHA", StringComparison.Ordinal)), bytes));

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
