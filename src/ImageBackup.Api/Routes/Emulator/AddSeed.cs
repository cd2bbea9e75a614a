using ImageBackup.Api.Emulator;
using ImageBackup.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Emulator;

/// <summary>POST /emulator/seed</summary>
internal static class AddSeed
{
    /// <summary>What the seed has added or found.</summary>
    /// <param name="ImageBackupIds">The ids of the seed's image backups, in its order.</param>
    [Envelope("seed")]
    internal sealed record SeedResponse(IReadOnlyList<int> ImageBackupIds);

    public static async Task<Created<Enveloped<SeedResponse>>> HandleAsync(HttpContext context, Seeder seeder, CancellationToken cancellationToken)
    {
        var seed = await ReadAsync(context, cancellationToken);
        return Enveloped.Created(new SeedResponse(await seeder.AddAsync(seed, cancellationToken)));
    }

    private static async Task<SeedRequest> ReadAsync(HttpContext context, CancellationToken cancellationToken)
        => SeedReader.YamlTypes.Contains(context.Request.ContentType?.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase)
            ? SeedReader.ReadYaml(await JsonBody.ReadTextAsync(context.Request.Body, cancellationToken))
            : RequestReader.Read<SeedRequest>(await JsonBody.ReadAsync(context, cancellationToken));
}
