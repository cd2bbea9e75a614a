using ImageBackup.Core.Errors;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>A file does not have, or no longer has, the content whose SHA-256 was recorded.</summary>
public sealed class FileChangedException(string why) : BackupException(ErrorKind.BadRequest, $"The file has changed: {why}.")
{
    /// <summary>Throws if the digests of the whole file differ.</summary>
    internal static void ThrowUnlessSame(string? recorded, string found)
    {
        if (recorded is not null && recorded != found)
        {
            throw new FileChangedException($"SHA-256 {recorded} was recorded, found {found}");
        }
    }
}
