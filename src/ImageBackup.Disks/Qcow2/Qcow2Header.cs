using System.Buffers.Binary;

namespace ImageBackup.Disks.Qcow2;

/// <summary>The header of a qcow2 image (QEMU docs/interop/qcow2, "Header"), checked.</summary>
internal sealed record Qcow2Header
{
    public const int Version2Length = 72;
    public const int Version3Length = 104;
    public const uint DataFileExtension = 0x44415441;

    private const int MinClusterBits = 9;
    private const int MaxClusterBits = 21;
    private const int MinExtendedClusterBits = 14;
    private const int MaxL1Bytes = 32 << 20;
    private const int MaxNameLength = 1023;

    public required int Version { get; init; }

    public required int ClusterBits { get; init; }

    /// <summary>Bytes of the guest's disk.</summary>
    public required long Size { get; init; }

    public required int L1Entries { get; init; }

    public required long L1Offset { get; init; }

    public required bool IsZstd { get; init; }

    public required bool HasExtendedL2 { get; init; }

    public int ClusterSize => 1 << ClusterBits;

    /// <summary>Bits of an index into an L2 table.</summary>
    public int L2Bits => ClusterBits - (HasExtendedL2 ? 4 : 3);

    /// <summary>Bytes of the guest's disk that one L2 table maps.</summary>
    public long L2Reach => 1L << (L2Bits + ClusterBits);

    /// <exception cref="DiskImageException">The image is damaged or uses something that is not read.</exception>
    public static Qcow2Header Read(DiskSource source)
    {
        if (source.Length < Version2Length)
        {
            throw DiskImageException.Damaged($"The qcow2 header needs {Version2Length} bytes; the file has {source.Length}.");
        }

        Span<byte> bytes = stackalloc byte[Version3Length + 8];
        bytes.Clear();
        source.Read(bytes[..(int)Math.Min(bytes.Length, source.Length)], 0);
        var version = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        if (version is not (2 or 3))
        {
            throw DiskImageException.Unsupported($"qcow version {version} is not supported. Versions 2 and 3 are.");
        }

        if (version == 2)
        {
            bytes[Version2Length..].Clear();
        }

        var clusterBits = BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]);
        if (clusterBits is < MinClusterBits or > MaxClusterBits)
        {
            throw DiskImageException.Damaged($"qcow2 cluster_bits is {clusterBits}. It must be {MinClusterBits} to {MaxClusterBits}.");
        }

        CheckHeaderLength(bytes, version, 1L << (int)clusterBits);
        CheckReferences(source, bytes);
        var features = (Qcow2Features)BinaryPrimitives.ReadUInt64BigEndian(bytes[72..]);
        CheckFeatures(features, source, bytes, (int)clusterBits);
        var header = new Qcow2Header
        {
            Version = (int)version,
            ClusterBits = (int)clusterBits,
            Size = ReadOffset(bytes[24..], "size"),
            L1Entries = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(bytes[36..]), int.MaxValue),
            L1Offset = ReadOffset(bytes[40..], "l1_table_offset"),
            IsZstd = IsZstdCompressed(features, bytes),
            HasExtendedL2 = features.HasFlag(Qcow2Features.ExtendedL2),
        };
        header.CheckL1(source);
        return header;
    }

    private static void CheckHeaderLength(ReadOnlySpan<byte> bytes, uint version, long clusterSize)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[100..]);
        if (version == 3 && (length < Version3Length || length % 8 != 0 || length > clusterSize))
        {
            throw DiskImageException.Damaged($"qcow2 header_length is {length}. It must be a multiple of 8 from {Version3Length} up to the cluster size.");
        }
    }

    /// <summary>Refuses what points outside of the file or hides its bytes.</summary>
    private static void CheckReferences(DiskSource source, ReadOnlySpan<byte> bytes)
    {
        var backing = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        if (backing != 0)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
            throw DiskImageException.Unsupported(
                $"The qcow2 image needs its backing file {ReadName(source, backing, length)}. Images with a backing file are not supported: flatten it with qemu-img convert.");
        }

        var encryption = BinaryPrimitives.ReadUInt32BigEndian(bytes[32..]);
        if (encryption != 0)
        {
            var method = encryption switch { 1 => "AES", 2 => "LUKS", _ => $"method {encryption}" };
            throw DiskImageException.Unsupported($"The qcow2 image is encrypted ({method}). Encrypted images are not supported.");
        }
    }

    private static void CheckFeatures(Qcow2Features features, DiskSource source, ReadOnlySpan<byte> bytes, int clusterBits)
    {
        if (features.HasFlag(Qcow2Features.ExternalData))
        {
            var start = BinaryPrimitives.ReadUInt32BigEndian(bytes[100..]);
            throw DiskImageException.Unsupported(
                $"The data of the qcow2 image is in the external file {FindDataFile(source, start, 1L << clusterBits)}. External data files are not supported.");
        }

        var unknown = features & ~Qcow2Features.Known;
        if (unknown != 0)
        {
            throw DiskImageException.Unsupported($"The qcow2 image uses incompatible features that are not known: 0x{(ulong)unknown:x}.");
        }

        if (features.HasFlag(Qcow2Features.Corrupt))
        {
            throw DiskImageException.Damaged("The qcow2 image is marked as corrupt. Repair it with qemu-img check -r all.");
        }

        if (features.HasFlag(Qcow2Features.ExtendedL2) && clusterBits < MinExtendedClusterBits)
        {
            throw DiskImageException.Damaged($"qcow2 cluster_bits is {clusterBits}. With extended L2 entries it must be {MinExtendedClusterBits} to {MaxClusterBits}.");
        }
    }

    private static bool IsZstdCompressed(Qcow2Features features, ReadOnlySpan<byte> bytes)
    {
        var isPresent = BinaryPrimitives.ReadUInt32BigEndian(bytes[100..]) > Version3Length;
        var type = isPresent ? bytes[104] : 0;
        if (features.HasFlag(Qcow2Features.CompressionType) != (type != 0))
        {
            throw DiskImageException.Damaged($"qcow2 compression_type is {type}, which contradicts the compression type bit of incompatible_features.");
        }

        return type switch
        {
            0 => false,
            1 => true,
            _ => throw DiskImageException.Unsupported($"qcow2 compression type {type} is not supported. Types 0 (zlib) and 1 (zstd) are."),
        };
    }

    private void CheckL1(DiskSource source)
    {
        var needed = (Size / L2Reach) + (Size % L2Reach == 0 ? 0 : 1);
        var bytes = L1Entries * (long)sizeof(ulong);
        if (needed > L1Entries)
        {
            throw DiskImageException.Damaged($"The qcow2 L1 table has {L1Entries} entries; a disk of {Size} bytes needs {needed}.");
        }

        if (bytes > MaxL1Bytes)
        {
            throw DiskImageException.Unsupported($"The qcow2 L1 table has {bytes} bytes. At most {MaxL1Bytes} are supported.");
        }

        if (L1Offset % ClusterSize != 0 || L1Offset > source.Length - bytes)
        {
            throw DiskImageException.Damaged($"The qcow2 L1 table at {L1Offset} with {bytes} bytes is not aligned to a cluster or leaves the file of {source.Length} bytes.");
        }
    }

    private static long ReadOffset(ReadOnlySpan<byte> bytes, string field)
    {
        var value = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return value >= 0 ? value : throw DiskImageException.Damaged($"qcow2 {field} is {(ulong)value}, which no file can have.");
    }

    /// <summary>Finds the name in the header extensions ("Header extensions", "String header extensions").</summary>
    private static string FindDataFile(DiskSource source, long start, long end)
    {
        Span<byte> extension = stackalloc byte[8];
        while (start + extension.Length <= Math.Min(end, source.Length))
        {
            source.Read(extension, start);
            var type = BinaryPrimitives.ReadUInt32BigEndian(extension);
            var length = BinaryPrimitives.ReadUInt32BigEndian(extension[4..]);
            if (type is 0 or DataFileExtension)
            {
                return type == 0 ? "(not named)" : ReadName(source, (ulong)start + 8, length);
            }

            start += extension.Length + ((length + 7L) & ~7L);
        }

        return "(not named)";
    }

    private static string ReadName(DiskSource source, ulong offset, uint length)
    {
        if (length > MaxNameLength || offset > (ulong)source.Length || length > (ulong)source.Length - offset)
        {
            return "(its name is damaged)";
        }

        var name = new byte[length];
        source.Read(name, (long)offset);
        return SafeText.Quote(name);
    }
}
