using ImageBackup.Core.Errors;
using ImageBackup.Core.Flows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Emulator;

/// <summary>DELETE /emulator/faults and /emulator/faults/{id}; stalled tasks continue</summary>
internal static class RemoveFaults
{
    public static NoContent HandleAll(FaultInjector faults)
    {
        faults.Clear();
        return TypedResults.NoContent();
    }

    public static NoContent HandleOne(string id, FaultInjector faults)
        => int.TryParse(id, out var number) && faults.Remove(number)
            ? TypedResults.NoContent()
            : throw new NotFoundException($"Fault {id} could not be found.");
}
