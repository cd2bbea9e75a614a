using System.Text;

namespace ImageBackup.Disks.Tests.Support;

/// <summary>Disks of known content: noise, words, counters, zeros and holes, the same for the same seed.</summary>
internal static class Content
{
    private static readonly string[] Words = ["volume ", "backup ", "image ", "power ", "restore ", "block ", "INFO ", "status=", "available\n", "the ", "of ", "and ", "error: "];

    /// <summary>Writes a sparse raw disk.</summary>
    public static string WriteRaw(this Scratch scratch, string name, long length, int seed, int maxPiece = 200_000)
    {
        var random = new Random(seed);
        using var file = File.OpenHandle(scratch[name], FileMode.Create, FileAccess.Write);
        RandomAccess.SetLength(file, length);
        for (var done = 0L; done < length;)
        {
            var piece = new byte[Math.Min(random.Next(1, maxPiece), length - done)];
            if (Fill(piece, random))
            {
                RandomAccess.Write(file, piece, done);
            }

            done += piece.Length;
        }

        return scratch[name];
    }

    public static byte[] Noise(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static bool Fill(Span<byte> piece, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                random.NextBytes(piece);
                return true;
            case 1:
                for (var i = 0; i < piece.Length; i++)
                {
                    piece[i] = (byte)(i % 4 == 0 ? random.Next(16) : i >> 8);
                }

                return true;
            case 2:
                return true; // written zeros
            case 3:
                return false; // a hole
            default:
                FillText(piece, random);
                return true;
        }
    }

    private static void FillText(Span<byte> piece, Random random)
    {
        for (var done = 0; done < piece.Length;)
        {
            var word = random.Next(6) == 0 ? random.Next(100_000).ToString() : Words[random.Next(Words.Length)];
            var count = Math.Min(word.Length, piece.Length - done);
            Encoding.ASCII.GetBytes(word.AsSpan(0, count), piece[done..]);
            done += count;
        }
    }
}
