using ImageBackup.Disks.Unpacking;
using ImageBackup.Disks.Writing;

namespace ImageBackup.Disks.Opening;

/// <summary>Unpacks a compressed image into a file, because its format must be read at any offset.</summary>
internal static class ScratchFile
{
    private const int PieceSize = 1 << 20;

    /// <summary>Unpacks into a new file.</summary>
    /// <returns>The contents. Disposing them deletes the file; so does a failed call.</returns>
    /// <exception cref="DiskImageException">The file is damaged or unpacks to more than allowed.</exception>
    public static FileSource Unpack(DiskFormat compression, DiskSource source, string path, long maxLength, CancellationToken cancellationToken)
    {
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, FileOptions.DeleteOnClose);
        try
        {
            using var stream = new UnpackedStream(compression, source);
            var piece = new byte[PieceSize];
            var length = 0L;
            for (var count = PieceSize; count == PieceSize; length += count)
            {
                cancellationToken.ThrowIfCancellationRequested();
                count = stream.Fill(piece);
                if (count > maxLength - length)
                {
                    throw DiskImageException.TooLarge($"The {DiskFormatNames.NameOf(compression)} file unpacks to more than the {maxLength} bytes that are allowed.");
                }

                RawWriter.Write(file, piece.AsSpan(0, count), length);
            }

            RandomAccess.SetLength(file, length);
            return new FileSource(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
