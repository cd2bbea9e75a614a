using ImageBackup.Core.Flows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Emulator;

/// <summary>GET /emulator/faults</summary>
internal static class ListFaults
{
    /// <summary>The injected faults.</summary>
    /// <param name="Faults">The faults.</param>
    internal sealed record FaultListResponse(IReadOnlyList<FaultResponse> Faults);

    public static Ok<FaultListResponse> Handle(FaultInjector faults)
        => TypedResults.Ok(new FaultListResponse([.. faults.List().Select(FaultResponse.Of)]));
}
