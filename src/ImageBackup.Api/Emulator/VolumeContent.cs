using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Api.Emulator;

/// <summary>The bytes of a seeded volume.</summary>
internal enum VolumeContent
{
    /// <summary>Text and random bytes in turn, 1 MiB each.</summary>
    Mixed,

    /// <summary>Text, which compresses well.</summary>
    Text,

    /// <summary>Random bytes, which do not compress.</summary>
    Random,

    /// <summary>Holes only.</summary>
    Zeros,
}

/// <summary>Writes the content of seeded volumes.</summary>
internal static class VolumeContents
{
    private const int Piece = 1 << 20;

    /// <summary>Writes <paramref name="length"/> bytes at the beginning of a file. The same <paramref name="key"/> gives the same bytes everywhere.</summary>
    public static void Write(SafeFileHandle file, VolumeContent content, long length, string key)
    {
        if (content == VolumeContent.Zeros)
        {
            return;
        }

        // Not string.GetHashCode, which differs in each process.
        var random = new Random(key.Aggregate(17, (sum, character) => unchecked((sum * 31) + character)));
        var piece = new byte[Piece];
        for (long offset = 0; offset < length; offset += Piece)
        {
            var isText = content == VolumeContent.Text || (content == VolumeContent.Mixed && (offset / Piece) % 2 == 0);
            if (isText)
            {
                FillText(piece, key, offset);
            }
            else
            {
                random.NextBytes(piece);
            }

            RandomAccess.Write(file, piece.AsSpan(0, (int)Math.Min(Piece, length - offset)), offset);
        }
    }

    private static void FillText(byte[] piece, string key, long offset)
    {
        var line = Encoding.UTF8.GetBytes($"{key}: the bytes from {offset} on are text of the emulator's seed.\n");
        for (var i = 0; i < piece.Length; i++)
        {
            piece[i] = line[i % line.Length];
        }
    }
}
