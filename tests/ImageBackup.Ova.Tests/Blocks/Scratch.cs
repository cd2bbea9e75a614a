using System.Security.Cryptography;
using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.Deflate;
using ImageBackup.TestSupport;

namespace ImageBackup.Ova.Tests.Blocks;

/// <summary>A test's directory, volumes of known content, and other programs to run on them.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("imagebackup-pack-");

    /// <summary>The machine's best engine and the runtime's.</summary>
    public static DeflateEngine[] Engines => [DeflateEngine.Current, Engine(isal: false)];

    public static OvaProgress NoProgress { get; } = (_, _) => ValueTask.CompletedTask;

    public string this[string name] => Path.Combine(directory.FullName, name);

    public int Files => directory.GetFiles().Length;

    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    /// <summary>Writes a file of holes with some pieces of data.</summary>
    public string WriteSparse(string name, long length, params (long Offset, byte[] Bytes)[] pieces)
    {
        using var file = File.OpenHandle(this[name], FileMode.Create, FileAccess.Write);
        RandomAccess.SetLength(file, length);
        foreach (var (offset, bytes) in pieces)
        {
            RandomAccess.Write(file, bytes, offset);
        }

        return this[name];
    }

    public async Task<PackedVolume> PackAsync(string volume, OvaCompression compression, DataPathOptions? options = null) =>
        await VolumePacker.PackAsync(volume, this["member"], this["blocks"], compression, options ?? new DataPathOptions(), NoProgress, CancellationToken.None);

    public FileRegion Region(string name) => new(this[name], 0, new FileInfo(this[name]).Length);

    public static MemberEncoding EncodingOf(OvaCompression compression) => compression == OvaCompression.None ? MemberEncoding.Raw : MemberEncoding.Gzip;

    public RestoreExpectation Expect(PackedVolume packed) => new()
    {
        Name = "disk.gz",
        Capacity = packed.VolumeSize,
        Stored = OvaDigest.Sha256(packed.StoredSha256),
        VolumeDigest = packed.VolumeDigest,
        BlockList = Region("blocks"),
    };

    /// <summary>Returns the member's path under a name that gzip programs accept.</summary>
    public string GzName()
    {
        File.Copy(this["member"], this["member.gz"], overwrite: true);
        return this["member.gz"];
    }

    public static void Flip(string path, long at)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        var one = new byte[1];
        RandomAccess.Read(file, one, at);
        one[0] ^= 0x10;
        RandomAccess.Write(file, one, at);
    }

    public static string Sha256(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Returns the bytes that the file system has allocated.</summary>
    public static long Allocated(string path) => long.Parse(Tool.Run("stat", "-c", "%b", path)) * 512;

    /// <summary>ISA-L's engine, or the runtime's. Without ISA-L its tests are skipped.</summary>
    public static DeflateEngine Engine(bool isal)
    {
        if (!isal)
        {
            return new RuntimeEngine("a test selects this engine");
        }

        Requires.Isal();
        Assert.Equal("isa-l", DeflateEngine.Current.Name);
        return DeflateEngine.Current;
    }

    /// <summary>Returns bytes like those of a disk: text, counters, repeated structures, random data and zeros. The same seed gives the same bytes.</summary>
    public static byte[] Mixed(int length, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[length];
        for (var done = 0; done < length;)
        {
            var piece = bytes.AsSpan(done, Math.Min(random.Next(1, 200_000), length - done));
            switch (random.Next(5))
            {
                case 0:
                    random.NextBytes(piece);
                    break;
                case 1:
                    for (var i = 0; i < piece.Length; i++)
                    {
                        piece[i] = (byte)(i % 4 == 0 ? random.Next(16) : i >> 8);
                    }

                    break;
                case 2:
                    break;
                default:
                    Text(piece, random);
                    break;
            }

            done += piece.Length;
        }

        return bytes;
    }

    /// <summary>Returns typical disk content: programs (this test's own assemblies) and logs.</summary>
    public static byte[] Programs()
    {
        var programs = Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes);
        var random = new Random(1);
        var log = Enumerable.Range(0, 30_000).Select(i =>
            $"2026-03-{1 + (i / 2000):00} {i / 1000 % 24:00}:{i / 20 % 60:00}:{i * 3 % 60:00} INFO backup req-{random.Next():x8} volume {random.Next(50)} block {i} done in {random.Next(90)} ms\n");
        return [.. programs, .. System.Text.Encoding.ASCII.GetBytes(string.Concat(log))];
    }

    public static byte[] Noise(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public void Dispose() => directory.Delete(recursive: true);

    private static void Text(Span<byte> piece, Random random)
    {
        string[] words = ["volume ", "backup ", "image ", "power ", "restore ", "block ", "INFO ", "2026-03-0", "status=", "available\n", "the ", "of ", "and ", "error: "];
        for (var done = 0; done < piece.Length;)
        {
            var word = random.Next(6) == 0 ? random.Next(100_000).ToString() : words[random.Next(words.Length)];
            var count = Math.Min(word.Length, piece.Length - done);
            System.Text.Encoding.ASCII.GetBytes(word.AsSpan(0, count), piece[done..]);
            done += count;
        }
    }
}
