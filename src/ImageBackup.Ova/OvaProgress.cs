namespace ImageBackup.Ova;

/// <summary>
/// Receives the number of bytes done so far; the numbers never decrease. The caller awaits it, so a slow receiver slows the work down, and an exception stops
/// the work.
/// </summary>
public delegate ValueTask OvaProgress(long bytesDone, CancellationToken cancellationToken);
