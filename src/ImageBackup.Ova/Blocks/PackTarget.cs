using Microsoft.Win32.SafeHandles;

namespace ImageBackup.Ova.Blocks;

/// <summary>Where a packed volume goes: an open file and the offset of the first byte. The file ends there.</summary>
internal readonly record struct PackTarget(SafeFileHandle File, long Offset);
