using System.Text;

namespace ImageBackup.Ova.Tests.Tar;

/// <summary>Writes tar archives with any header fields, also invalid ones.</summary>
internal sealed class RawTar
{
    private readonly List<byte> bytes = [];

    public static RawTar Of(params (string Name, byte[] Bytes)[] members)
    {
        var tar = new RawTar();
        foreach (var (name, content) in members)
        {
            tar.Add(name, content);
        }

        return tar;
    }

    public RawTar Add(string name, byte[] content, char type = '0', byte[]? sizeField = null, string magic = "ustar\0" + "00", bool goodChecksum = true, string prefix = "", bool signed = false)
    {
        var header = new byte[512];
        Encoding.UTF8.GetBytes(name).AsSpan().CopyTo(header);
        Ascii("0000644\0", header, 100);
        Ascii("0000000\0", header, 108);
        Ascii("0000000\0", header, 116);
        (sizeField ?? Octal(content.Length)).CopyTo(header, 124);
        Ascii("14000000000\0", header, 136);
        Ascii("        ", header, 148);
        header[156] = (byte)type;
        Ascii(magic, header, 257);
        Ascii(prefix, header, 345);
        var sum = header.Sum(value => signed ? (sbyte)value : value) + (goodChecksum ? 0 : 1);
        Ascii(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ", header, 148);
        bytes.AddRange(header);
        bytes.AddRange(content);
        bytes.AddRange(new byte[(512 - (content.Length % 512)) % 512]);
        return this;
    }

    public RawTar Raw(byte[] content)
    {
        bytes.AddRange(content);
        return this;
    }

    public byte[] Unended() => bytes.ToArray();

    public byte[] End(int zeros = 1024) => [.. bytes.ToArray(), .. new byte[zeros]];

    public static byte[] Octal(long size) => Encoding.ASCII.GetBytes(Convert.ToString(size, 8).PadLeft(11, '0') + "\0");

    public static byte[] Pax(string key, string value)
    {
        var rest = $" {key}={value}\n";
        var length = Encoding.UTF8.GetByteCount(rest);
        length += length + 1 > 9 ? length + 2 > 99 ? 3 : 2 : 1;
        return Encoding.UTF8.GetBytes($"{length}{rest}");
    }

    private static void Ascii(string text, byte[] header, int offset) => Encoding.ASCII.GetBytes(text).CopyTo(header, offset);
}
