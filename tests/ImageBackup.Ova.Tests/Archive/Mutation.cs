using System.Text;

namespace ImageBackup.Ova.Tests.Archive;

/// <summary>Changes bytes at random, and puts in words that mean something to a reader of archives.</summary>
internal static class Mutation
{
    private static readonly byte[][] Words =
    [
        .. new[] { "../", "/", "\0", "\n", "ovf:", "<", ">", "&", "'", "9223372036854775807", "-1", "byte * 2^62", "SHA256(", ")= ", "99 path=", "<!DOCTYPE x>", "True" }
            .Select(Encoding.UTF8.GetBytes),
        [0xff, 0xff, 0xff, 0xff], [0x80, 0, 0, 0], [0x1f, 0x8b, 8, 0],
    ];

    public static byte[] Of(byte[] seed, Random random)
    {
        List<byte> bytes = [.. seed];
        for (var i = random.Next(1, 5); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 600), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, Words[random.Next(Words.Length)]);
                    break;
                default:
                    var word = Words[random.Next(Words.Length)];
                    for (var j = 0; j < word.Length && at + j < bytes.Count; j++)
                    {
                        bytes[at + j] = word[j];
                    }

                    break;
            }
        }

        // Half of the cases get right checksums, so that the mutation passes the first check.
        var result = bytes.ToArray();
        if (random.Next(2) == 0)
        {
            FixChecksums(result);
        }

        return result;
    }

    private static void FixChecksums(byte[] bytes)
    {
        for (var offset = 0; offset + 512 <= bytes.Length; offset += 512)
        {
            var header = bytes.AsSpan(offset, 512);
            if (!header.Slice(257, 5).SequenceEqual("ustar"u8))
            {
                continue;
            }

            header.Slice(148, 8).Fill((byte)' ');
            var sum = 0;
            foreach (var value in header)
            {
                sum += value;
            }

            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ", header.Slice(148, 8));
        }
    }
}
