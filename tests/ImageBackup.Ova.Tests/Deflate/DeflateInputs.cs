using System.Text;
using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.Tests.Blocks;

namespace ImageBackup.Ova.Tests.Deflate;

/// <summary>Inputs for a deflater: few and many symbols, short and long repeats near and far, noise. The same number gives the same input.</summary>
internal static class DeflateInputs
{
    public static byte[] Make(int number)
    {
        var random = new Random(number);
        var length = random.Next(8) switch
        {
            0 => random.Next(1, 12),
            1 => random.Next(1, 70_000),
            _ => random.Next(1, 3000),
        };
        var bytes = new byte[length];
        for (var done = 0; done < length;)
        {
            var piece = bytes.AsSpan(done, Math.Min(random.Next(1, 1 + length), length - done));
            Fill(piece, bytes.AsSpan(0, done), random);
            done += piece.Length;
        }

        return bytes;
    }

    /// <summary>Returns bytes whose best code has lengths beyond the longest that deflate allows: each symbol occurs as often as the two rarer ones together.</summary>
    public static byte[] Fibonacci()
    {
        var bytes = new List<byte>();
        for (var (symbol, count, next) = (0, 1, 1); bytes.Count + count < 1 << 20; (symbol, count, next) = (symbol + 1, next, count + next))
        {
            bytes.AddRange(Enumerable.Repeat((byte)symbol, count));
        }

        var shuffled = bytes.ToArray();
        new Random(5).Shuffle(shuffled);
        return shuffled;
    }

    /// <summary>Returns a block like the XML documentation of a library: few long phrases, and names of few words.</summary>
    public static byte[] Documentation()
    {
        string[] words = ["System", "Collections", "Generic", "Threading", "Tasks", "Text", "Json", "Serialization", "Net", "Http", "Security", "Runtime", "Linq"];
        string[] phrases = ["Initializes a new instance of the", "Gets or sets the value of the", "Returns a read-only view of the", "Throws if the argument is not a valid"];
        var random = new Random(9);
        var text = new StringBuilder();
        while (text.Length < VolumeBlocks.Size)
        {
            var space = string.Join('.', random.GetItems(words, random.Next(2, 6)));
            text.Append($"    <member name=\"M:{space}.{Word()}{Word()}(System.{Word()})\">\n      <summary>{random.GetItems(phrases, 1)[0]} <see cref=\"T:{space}\" />.</summary>\n")
                .Append($"      <param name=\"{Word()}\">The {Word()} to use.</param>\n    </member>\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, VolumeBlocks.Size));

        string Word() => words[random.Next(words.Length)];
    }

    private static void Fill(Span<byte> piece, ReadOnlySpan<byte> earlier, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                random.NextBytes(piece);
                break;
            case 1:
                piece.Fill((byte)random.Next(256));
                break;
            case 2:
                var symbols = random.Next(1, 20);
                for (var i = 0; i < piece.Length; i++)
                {
                    piece[i] = (byte)(random.Next(symbols) * random.Next(symbols));
                }

                break;
            case 3 when !earlier.IsEmpty:
                // An overlapping copy, as a match with a short distance.
                var distance = random.Next(1, Math.Min(earlier.Length, 40_000) + 1);
                for (var i = 0; i < piece.Length; i++)
                {
                    piece[i] = i < distance ? earlier[^(distance - i)] : piece[i - distance];
                }

                break;
            default:
                Scratch.Mixed(piece.Length, random.Next()).CopyTo(piece);
                break;
        }
    }
}
