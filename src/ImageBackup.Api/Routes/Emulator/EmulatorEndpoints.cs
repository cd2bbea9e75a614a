using ImageBackup.Api.Auth;
using ImageBackup.Api.Emulator;
using ImageBackup.Api.Http;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Routes.Emulator;

/// <summary>The routes for tests, with <c>Emulator:Enabled</c> only: injected faults, seeds, and a reset of all data.</summary>
internal static class EmulatorEndpoints
{
    public static void MapEmulator(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<EmulatorOptions>>().Value.Enabled)
        {
            return;
        }

        var group = app.MapGroup("/emulator").WithTags("Emulator").RequiresRole(Role.Admin);
        group.MapPost("/faults", AddFault.Handle).WithSummary("Inject a fault into tasks");
        group.MapGet("/faults", ListFaults.Handle).WithSummary("List injected faults");
        group.MapDelete("/faults", RemoveFaults.HandleAll).WithSummary("Remove all injected faults");
        group.MapDelete("/faults/{id}", RemoveFaults.HandleOne).WithSummary("Remove an injected fault");
        group.MapPost("/seed", AddSeed.HandleAsync).DisableRequestTimeout()
            .WithMetadata(new RequestBody(typeof(SeedRequest))).WithSummary("Add images, image backups and more from YAML or JSON");
        group.MapPost("/reset", Reset.HandleAsync).DisableRequestTimeout().WithSummary("Reset all data to the state of a first start");
    }
}
