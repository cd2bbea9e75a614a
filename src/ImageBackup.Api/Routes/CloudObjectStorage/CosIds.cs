using ImageBackup.Core.Errors;

namespace ImageBackup.Api.Routes.CloudObjectStorage;

/// <summary>Reads ids in paths.</summary>
internal static class CosIds
{
    /// <summary>Returns the id.</summary>
    /// <exception cref="NotFoundException">The text is not a number, so no registration has it.</exception>
    public static int Parse(string id)
        => int.TryParse(id, out var number) ? number : throw new NotFoundException($"COS {id} could not be found.");
}
