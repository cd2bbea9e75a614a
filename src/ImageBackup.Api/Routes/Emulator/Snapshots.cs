using System.ComponentModel.DataAnnotations;
using ImageBackup.Api.Emulator;
using ImageBackup.Api.Http;
using ImageBackup.Core.Emulator;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Emulator;

/// <summary>POST and GET /emulator/snapshots, POST /emulator/snapshots/{name}/restore, DELETE /emulator/snapshots/{name}</summary>
internal static class Snapshots
{
    /// <summary>The snapshot to take.</summary>
    [Envelope("snapshot")]
    [BodyExample("A snapshot of all data", """{"snapshot": {"name": "before"}}""")]
    internal sealed record TakeSnapshotRequest
    {
        /// <summary>1 to 64 letters, digits, dots, dashes and underscores, the first a letter or digit.</summary>
        /// <example>before</example>
        [StringLength(64, MinimumLength = 1)]
        public required string Name { get; init; }
    }

    /// <summary>A snapshot.</summary>
    /// <param name="Name" example="before">The name.</param>
    /// <param name="CreatedAt" example="2026-11-30T12:00:00Z">When it was taken.</param>
    [Envelope("snapshot")]
    internal sealed record SnapshotResponse(string Name, DateTime CreatedAt)
    {
        public static SnapshotResponse Of(EmulatorSnapshot snapshot) => new(snapshot.Name, snapshot.CreatedAt);
    }

    /// <summary>The snapshots.</summary>
    /// <param name="Snapshots">The snapshots by name.</param>
    internal sealed record SnapshotListResponse(IReadOnlyList<SnapshotResponse> Snapshots);

    public static async Task<Created<Enveloped<SnapshotResponse>>> TakeAsync(Body<TakeSnapshotRequest> body, EmulatorSnapshots snapshots, CancellationToken cancellationToken)
        => Enveloped.Created(SnapshotResponse.Of(await snapshots.CreateAsync(body.Value.Name, cancellationToken)));

    public static Ok<SnapshotListResponse> List(EmulatorSnapshots snapshots)
        => TypedResults.Ok(new SnapshotListResponse([.. snapshots.List().Select(SnapshotResponse.Of)]));

    public static async Task<NoContent> RestoreAsync(string name, EmulatorSnapshots snapshots, SeededUsers users, CancellationToken cancellationToken)
    {
        await snapshots.RestoreAsync(name, cancellationToken);
        users.Reload();
        return TypedResults.NoContent();
    }

    public static NoContent Delete(string name, EmulatorSnapshots snapshots)
    {
        snapshots.Delete(name);
        return TypedResults.NoContent();
    }
}
