using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Core.Persistence;

/// <summary>The database's model takes a quarter of a start to build, and nothing of the routes is needed for it: it is built on another core meanwhile.</summary>
public sealed class ModelAhead(IServiceProvider services)
{
    private Task building = Task.CompletedTask;

    /// <summary>Begins, once the host is built.</summary>
    public void Begin() => building = Task.Run(async () =>
    {
        // Resolved here: settings that can't be used are told by the host's start, not by this.
        await using var context = await services.GetRequiredService<IDbContextFactory<ImageBackupDbContext>>().CreateDbContextAsync();
        _ = context.Model;
    });

    /// <summary>Waits until the model is there; whoever did not begin builds it with the first query.</summary>
    internal Task WaitAsync(CancellationToken cancellationToken) => building.WaitAsync(cancellationToken);
}
