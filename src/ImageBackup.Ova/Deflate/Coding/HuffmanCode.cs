namespace ImageBackup.Ova.Deflate.Coding;

/// <summary>A canonical Huffman code (RFC 1951 §3.2.2) of limited length. Built again for each block.</summary>
internal sealed class HuffmanCode(int symbols, int longest)
{
    private readonly uint[] sorted = new uint[symbols];
    private readonly int[] nodes = new int[symbols];
    private readonly int[] counts = new int[longest + 1];
    private readonly byte[] lengths = new byte[symbols];
    private readonly ushort[] codes = new ushort[symbols];

    /// <summary>Bits of each symbol's code, 0 for a symbol that does not occur.</summary>
    public ReadOnlySpan<byte> Lengths => lengths;

    /// <summary>Each symbol's code, its first bit lowest.</summary>
    public ReadOnlySpan<ushort> Codes => codes;

    /// <summary>Builds the code of these frequencies, each below 2^22. At least two symbols get codes, because some decoders accept no incomplete code.</summary>
    public void Build(ReadOnlySpan<int> frequencies)
    {
        var used = Sort(frequencies);
        CountLengths(used);
        Limit();
        AssignLengths(used);
        AssignCodes();
    }

    /// <summary>Returns the bits of all symbols, without extra bits.</summary>
    public long CostOf(ReadOnlySpan<int> frequencies)
    {
        var bits = 0L;
        for (var symbol = 0; symbol < frequencies.Length; symbol++)
        {
            bits += (long)frequencies[symbol] * lengths[symbol];
        }

        return bits;
    }

    private int Sort(ReadOnlySpan<int> frequencies)
    {
        var used = 0;
        for (var symbol = 0; symbol < frequencies.Length; symbol++)
        {
            if (frequencies[symbol] > 0)
            {
                sorted[used++] = ((uint)frequencies[symbol] << 9) | (uint)symbol;
            }
        }

        for (var symbol = 0; used < 2; symbol++)
        {
            if (frequencies[symbol] == 0)
            {
                sorted[used++] = (1 << 9) | (uint)symbol;
            }
        }

        sorted.AsSpan(0, used).Sort();
        return used;
    }

    /// <summary>Counts the codes of each length by the method of Moffat and Katajainen, "In-place calculation of minimum-redundancy codes" (1995).</summary>
    private void CountLengths(int used)
    {
        for (var i = 0; i < used; i++)
        {
            nodes[i] = (int)(sorted[i] >> 9);
        }

        LinkParents(used);
        nodes[used - 2] = 0;
        for (var node = used - 3; node >= 0; node--)
        {
            nodes[node] = nodes[nodes[node]] + 1;
        }

        Array.Clear(counts);
        var available = 1;
        var root = used - 2;
        for (var depth = 0; available > 0; depth++)
        {
            var inner = 0;
            for (; root >= 0 && nodes[root] == depth; root--)
            {
                inner++;
            }

            counts[Math.Min(depth, longest)] += available - inner;
            available = 2 * inner;
        }
    }

    /// <summary>Joins the two rarest nodes until one is left. A joined node keeps the index of its parent.</summary>
    private void LinkParents(int used)
    {
        nodes[0] += nodes[1];
        var root = 0;
        var leaf = 2;
        for (var next = 1; next < used - 1; next++)
        {
            nodes[next] = Take(next);
            nodes[next] += Take(next);
        }

        int Take(int next)
        {
            if (leaf >= used || (root < next && nodes[root] < nodes[leaf]))
            {
                var weight = nodes[root];
                nodes[root++] = next;
                return weight;
            }

            return nodes[leaf++];
        }
    }

    /// <summary>Makes room for the codes that were shortened to the longest length: each time, one shorter code becomes two that are one bit longer.</summary>
    private void Limit()
    {
        var room = 0;
        for (var length = 1; length <= longest; length++)
        {
            room += counts[length] << (longest - length);
        }

        for (; room > 1 << longest; room--)
        {
            counts[longest]--;
            var shorter = longest - 1;
            for (; counts[shorter] == 0; shorter--)
            {
            }

            counts[shorter]--;
            counts[shorter + 1] += 2;
        }
    }

    private void AssignLengths(int used)
    {
        Array.Clear(lengths);
        var next = 0;
        for (var length = longest; length > 0; length--)
        {
            for (var i = counts[length]; i > 0; i--)
            {
                lengths[sorted[next++] & 511] = (byte)length;
            }
        }

        System.Diagnostics.Debug.Assert(next == used);
    }

    private void AssignCodes()
    {
        Span<int> next = stackalloc int[longest + 1];
        for (var length = 1; length < longest; length++)
        {
            next[length + 1] = (next[length] + counts[length]) << 1;
        }

        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            var length = lengths[symbol];
            if (length > 0)
            {
                codes[symbol] = (ushort)(Reverse16(next[length]++) >> (16 - length));
            }
        }
    }

    private static int Reverse16(int value)
    {
        value = ((value & 0x5555) << 1) | ((value >> 1) & 0x5555);
        value = ((value & 0x3333) << 2) | ((value >> 2) & 0x3333);
        value = ((value & 0x0f0f) << 4) | ((value >> 4) & 0x0f0f);
        return ((value & 0xff) << 8) | (value >> 8);
    }
}
