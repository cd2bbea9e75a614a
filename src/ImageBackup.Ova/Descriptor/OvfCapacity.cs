using System.Globalization;
using System.Xml.Linq;

namespace ImageBackup.Ova.Descriptor;

/// <summary>Reads the capacity of disks (DSP0243 1.1 §9.1), with units as in DSP0004 annex C: <c>byte * 2^30</c>.</summary>
internal sealed class OvfCapacity(string where, long maximum)
{
    /// <summary>Returns the capacity in bytes.</summary>
    /// <exception cref="InvalidOvaException">The capacity or its unit is refused.</exception>
    public long Read(XElement disk, string diskId)
    {
        var text = OvfDocument.Attribute(disk, "capacity") ?? throw Refused(diskId, "has no capacity");
        if (!OvfDocument.TryNumber(text, out var capacity))
        {
            throw Refused(diskId, $"has the capacity {MemberName.Quote(text)}, which is no whole number");
        }

        var units = OvfDocument.Attribute(disk, "capacityAllocationUnits") ?? "byte";
        var factor = Factor(units) ?? throw Refused(diskId, $"has the unknown capacity units {MemberName.Quote(units)}; units like byte or byte * 2^30 are read");
        var bytes = capacity * factor;
        return bytes <= maximum
            ? (long)bytes
            : throw Refused(diskId, $"has a capacity of {bytes} bytes; at most {maximum} are accepted");
    }

    /// <summary>Returns the bytes of a unit, or null if it is unknown or does not fit in 63 bits.</summary>
    private static Int128? Factor(string units)
    {
        var parts = units.Split('*', StringSplitOptions.TrimEntries);
        if (!parts[0].Equals("byte", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        Int128 factor = 1;
        foreach (var part in parts.AsSpan(1))
        {
            if (Power(part) is not { } power || (factor *= power) > long.MaxValue)
            {
                return null;
            }
        }

        return factor;
    }

    private static Int128? Power(string text)
    {
        var parts = text.Split('^', StringSplitOptions.TrimEntries);
        if (parts.Length > 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number == 0)
        {
            return null;
        }

        var exponent = 1;
        if (parts.Length == 2 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out exponent) || exponent > 62))
        {
            return null;
        }

        Int128 power = 1;
        for (var i = 0; i < exponent; i++)
        {
            power *= number;
            if (power > long.MaxValue)
            {
                return null;
            }
        }

        return power;
    }

    private InvalidOvaException Refused(string diskId, string reason) => new($"{where}: the disk {MemberName.Quote(diskId)} {reason}.");
}
