using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Core.Persistence;

/// <summary>The database's model takes a quarter of a start to build, and nothing of the routes is needed for it.</summary>
public static class ModelAhead
{
    /// <summary>Begins with the model on another core; whoever needs it first waits for it. What fails here fails again, and is told, when the host starts.</summary>
    public static void BuildModelAhead(this IServiceProvider services) => _ = Task.Run(() =>
    {
        using var context = services.GetRequiredService<IDbContextFactory<ImageBackupDbContext>>().CreateDbContext();
        _ = context.Model;
    });
}
