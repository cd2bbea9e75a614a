using ImageBackup.Core.Emulator;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Emulator;

/// <summary>POST /emulator/reset</summary>
internal static class Reset
{
    public static async Task<NoContent> HandleAsync(EmulatorReset reset, CancellationToken cancellationToken)
    {
        await reset.ResetAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
