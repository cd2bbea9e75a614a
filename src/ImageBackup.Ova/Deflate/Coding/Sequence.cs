namespace ImageBackup.Ova.Deflate.Coding;

/// <summary>Literal bytes and the match behind them.</summary>
/// <param name="Literals">Number of literal bytes.</param>
/// <param name="Length">Bytes of the match, or 0 if none follows.</param>
/// <param name="Distance">How far back the match lies, 1 to 32768.</param>
internal readonly record struct Sequence(int Literals, ushort Length, ushort Distance);
