using ImageBackup.Api.Auth;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Routes.Emulator;

/// <summary>Levers for tests, with <c>Emulator:Enabled</c> only: injected faults, and a reset to a first start.</summary>
internal static class EmulatorEndpoints
{
    public static void MapEmulator(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<EmulatorOptions>>().Value.Enabled)
        {
            return;
        }

        var group = app.MapGroup("/emulator").WithTags("Emulator").RequiresRole(Role.Admin);
        group.MapPost("/faults", AddFault.HandleAsync).WithSummary("Put a fault in the way of tasks");
        group.MapGet("/faults", ListFaults.Handle).WithSummary("List the faults that are set");
        group.MapDelete("/faults", RemoveFaults.HandleAll).WithSummary("Remove all faults");
        group.MapDelete("/faults/{id}", RemoveFaults.HandleOne).WithSummary("Remove one fault");
        group.MapPost("/reset", Reset.HandleAsync).DisableRequestTimeout().WithSummary("Back to a first start");
    }
}
