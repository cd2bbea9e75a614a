namespace ImageBackup.Ova;

/// <summary>Told, in order, how many bytes are done so far; awaited, so that a slow listener slows the work down and a throwing one stops it.</summary>
public delegate ValueTask OvaProgress(long bytesDone, CancellationToken cancellationToken);
