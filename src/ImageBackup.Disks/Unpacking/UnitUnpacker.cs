namespace ImageBackup.Disks.Unpacking;

/// <summary>Unpacks single units of an image: clusters or grains. Several threads may unpack at once.</summary>
internal abstract class UnitUnpacker : IDisposable
{
    /// <summary>Unpacks one unit. Bytes behind the packed data are ignored.</summary>
    /// <param name="packed">The packed bytes.</param>
    /// <param name="unit">Room for the unit.</param>
    /// <param name="needed">Bytes of the unit that must be there.</param>
    /// <exception cref="InvalidDataException">The packed bytes are damaged, or they unpack to too few bytes.</exception>
    public abstract void Unpack(ReadOnlySpan<byte> packed, Span<byte> unit, int needed);

    protected static InvalidDataException TooShort(int found, int needed) => new($"it unpacks to {found} bytes instead of {needed}");

    public abstract void Dispose();
}
