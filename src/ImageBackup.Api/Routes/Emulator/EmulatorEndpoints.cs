using ImageBackup.Api.Auth;
using ImageBackup.Api.Emulator;
using ImageBackup.Api.Http;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Api.Routes.Emulator;

/// <summary>The routes for tests, with <c>Emulator:Enabled</c> only: injected faults, seeds, snapshots, the clock, the journal, and a reset of all data.</summary>
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
        group.MapPost("/snapshots", Snapshots.TakeAsync).DisableRequestTimeout().WithError(409).WithSummary("Take a snapshot of all data");
        group.MapGet("/snapshots", Snapshots.List).WithSummary("List snapshots");
        group.MapPost("/snapshots/{name}/restore", Snapshots.RestoreAsync).DisableRequestTimeout().WithError(404).WithError(409).WithSummary("Return to a snapshot");
        group.MapDelete("/snapshots/{name}", Snapshots.Delete).WithError(404).WithSummary("Delete a snapshot");
        group.MapGet("/clock", Clock.Show).WithSummary("Show what the service takes for now");
        group.MapPut("/clock", Clock.Set).WithSummary("Shift, freeze or advance the clock");
        group.MapDelete("/clock", Clock.Reset).WithSummary("Return to the real time");
        group.MapGet("/requests", Requests.List).WithParameters(Requests.Filters).WithSummary("List the requests that the service received, with their responses");
        group.MapDelete("/requests", Requests.Clear).WithSummary("Forget the received requests");
        group.MapPost("/reset", Reset.HandleAsync).DisableRequestTimeout().WithSummary("Reset all data to the state of a first start");
    }
}
