using ImageBackup.Api.Emulator;
using ImageBackup.Core.Emulator;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Emulator;

/// <summary>POST /emulator/reset</summary>
internal static class Reset
{
    public static async Task<NoContent> HandleAsync(EmulatorReset reset, SeededUsers users, SeedFile seedFile, EmulatorClock clock, RequestJournal journal, CancellationToken cancellationToken)
    {
        clock.Reset();
        journal.Clear();
        await reset.ResetAsync(cancellationToken);
        users.Reload();
        await seedFile.ApplyAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
