using System.Text;

namespace ImageBackup.Benchmarks;

/// <summary>The content of a volume.</summary>
internal enum VolumeKind
{
    /// <summary>Text, logs, JSON, data like machine code, and random data, without holes.</summary>
    Dense,

    /// <summary>Text, logs and JSON in extents of 4 MiB over a tenth of the volume, with holes between them.</summary>
    Sparse,

    /// <summary>Written zeros: allocated, not holes.</summary>
    Zeros,

    /// <summary>Random data.</summary>
    Noise,
}

/// <summary>Creates volumes. The same size and kind always gives the same bytes.</summary>
internal static class VolumeMaker
{
    private const int Chunk = 1 << 20;
    private const int Extent = 4;
    private const int ExtentEvery = 40;
    private static readonly string[] Words = MakeWords();

    public static void Make(string path, VolumeKind kind, long size)
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        RandomAccess.SetLength(file, size);
        Parallel.For(0L, (size + Chunk - 1) / Chunk, index =>
        {
            if (kind == VolumeKind.Sparse && index % ExtentEvery >= Extent)
            {
                return;
            }

            var bytes = new byte[Chunk];
            var random = new Xorshift((ulong)index + ((ulong)kind << 40));
            switch (kind)
            {
                case VolumeKind.Noise:
                    Noise(bytes, random);
                    break;
                case VolumeKind.Dense or VolumeKind.Sparse:
                    Mixed(bytes, index, random);
                    break;
            }

            RandomAccess.Write(file, bytes.AsSpan(0, (int)Math.Min(Chunk, size - (index * Chunk))), index * Chunk);
        });
    }

    private static void Mixed(byte[] bytes, long index, Xorshift random)
    {
        switch (index % 8)
        {
            case 0 or 1:
                Text(bytes, random, _ => $"{Word(random)} ");
                break;
            case 2:
                Text(bytes, random, line => $"2026-03-{1 + (line / 9000 % 28):00} {line / 3600 % 24:00}:{line / 60 % 60:00}:{line % 60:00}.{random.Below(1000):000} INFO {Word(random)}[{random.Below(30000)}]: {Word(random)} {Word(random)} took {random.Below(9000)} ms\n");
                break;
            case 3:
                Text(bytes, random, line => $"{{\"id\":{line},\"name\":\"{Word(random)}\",\"size\":{random.Below(1 << 30)},\"tags\":[\"{Word(random)}\",\"{Word(random)}\"],\"uuid\":\"{random.Next():x16}\"}}\n");
                break;
            case 7:
                Noise(bytes, random);
                break;
            default:
                Records(bytes, random);
                break;
        }
    }

    /// <summary>Data like machine code and tables: few leading bytes, small operands, some addresses.</summary>
    private static void Records(byte[] bytes, Xorshift random)
    {
        for (var at = 0; at + 16 <= bytes.Length;)
        {
            bytes[at++] = (byte)(0x40 + (random.Below(7) * random.Below(7)));
            bytes[at++] = (byte)(random.Below(16) * random.Below(16));
            if (random.Below(3) == 0)
            {
                BitConverter.TryWriteBytes(bytes.AsSpan(at), 0x00400000 + (int)random.Below(1 << 20));
                at += 4;
            }
            else if (random.Below(5) == 0)
            {
                at += (int)random.Below(8);
            }
        }
    }

    private static void Text(byte[] bytes, Xorshift random, Func<int, string> next)
    {
        var line = (int)random.Below(100_000);
        for (var at = 0; at < bytes.Length; line++)
        {
            var piece = Encoding.ASCII.GetBytes(next(line));
            var count = Math.Min(piece.Length, bytes.Length - at);
            piece.AsSpan(0, count).CopyTo(bytes.AsSpan(at));
            at += count;
        }
    }

    private static void Noise(byte[] bytes, Xorshift random)
    {
        for (var at = 0; at < bytes.Length; at += 8)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(at), random.Next());
        }
    }

    /// <summary>Returns an early index often and a late one seldom, like the frequencies of words.</summary>
    private static string Word(Xorshift random) => Words[random.Below((uint)Words.Length) * random.Below((uint)Words.Length) / (uint)Words.Length];

    private static string[] MakeWords()
    {
        var random = new Xorshift(4711);
        return [.. Enumerable.Range(0, 4000).Select(_ => string.Concat(Enumerable.Range(0, 2 + (int)random.Below(4)).Select(_ => $"{"bcdfghklmnprstvw"[(int)random.Below(16)]}{"aeiou"[(int)random.Below(5)]}")))];
    }

    /// <summary>Marsaglia's xorshift64*, so that a change of <see cref="Random"/> does not change the volumes.</summary>
    private sealed class Xorshift(ulong seed)
    {
        private ulong state = (seed * 0x9E3779B97F4A7C15) ^ 0xD1B54A32D192ED03;

        public ulong Next()
        {
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            return state * 0x2545F4914F6CDD1D;
        }

        public uint Below(uint limit) => (uint)((Next() >> 32) * limit >> 32);
    }
}
