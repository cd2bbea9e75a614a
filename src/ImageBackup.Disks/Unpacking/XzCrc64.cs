namespace ImageBackup.Disks.Unpacking;

/// <summary>The CRC-64 of xz (§6 Cyclic Redundancy Checks): ECMA-182, reflected. The runtime has the other bit order only.</summary>
internal sealed class XzCrc64
{
    private const ulong Polynomial = 0xc96c_5795_d787_0f42;
    private static readonly ulong[] Table = CreateTable();

    private ulong state = ulong.MaxValue;

    public ulong Value => ~state;

    public void Reset() => state = ulong.MaxValue;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var crc = state;
        foreach (var value in bytes)
        {
            crc = Table[(byte)crc ^ value] ^ (crc >> 8);
        }

        state = crc;
    }

    private static ulong[] CreateTable()
    {
        var table = new ulong[256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = (ulong)i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            }

            table[i] = crc;
        }

        return table;
    }
}
