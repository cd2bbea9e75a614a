using ImageBackup.Core.Flows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Emulator;

/// <summary>GET /emulator/faults</summary>
internal static class ListFaults
{
    public static JsonHttpResult<FaultsResponse> Handle(FaultInjector faults)
        => TypedResults.Json(new FaultsResponse([.. faults.List().Select(FaultView.For)]));
}
