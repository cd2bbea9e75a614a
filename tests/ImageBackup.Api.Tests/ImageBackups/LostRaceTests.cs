using System.Data.Common;
using System.Net;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Persistence.PostgreSql;
using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>The operation ends between the check of a request and its compare-and-set: the request is refused and changes nothing.</summary>
public sealed class LostRaceTests(LostRaceFixture service) : FlowTest(service), IClassFixture<LostRaceFixture>
{
    [Fact]
    public Task A_reset_that_loses_against_the_end_of_the_operation_is_refused()
        => AssertRefusedAsync(id => Client.ResetAsync(id));

    [Fact]
    public Task A_forced_deletion_that_loses_against_the_end_of_the_operation_is_refused()
        => AssertRefusedAsync(id => Client.DeleteAsync(id, "?force=true"));

    private async Task AssertRefusedAsync(Func<int, Task<ApiAnswer>> requestAsync)
    {
        var imageId = await Seeds.ImageAsync(Content.Random(1 << 20));
        var fault = Service.Stall("backup_vol_*", 0);
        var started = await Client.ExportAsync(imageId);
        await fault.StruckAsync();

        service.Winner.Arm();
        var answer = await requestAsync(started.Id);
        Service.ClearFaults();
        await Client.SucceedAsync(started);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("changed from creating_backup during the request", answer.Message, StringComparison.Ordinal);
        Assert.Equal("available", await Client.StatusAsync(started.Id));
        await Client.DeletedAsync(started.Id);
    }
}

/// <summary>A service whose database lets another writer win.</summary>
public sealed class LostRaceFixture : ServiceFixture
{
    public OtherWriter Winner { get; } = new();

    protected override void ConfigureServices(IServiceCollection services)
        => services.ConfigureDbContext<ImageBackupDbContext>(builder => builder.AddInterceptors(Winner))
            .ConfigureDbContext<PostgreSqlDbContext>(builder => builder.AddInterceptors(Winner));
}

/// <summary>Changes the statuses of all image backups immediately before the next update of an image backup.</summary>
public sealed class OtherWriter : DbCommandInterceptor
{
    private int armed;

    public void Arm() => armed = 1;

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (command.CommandText.Replace("\"", "", StringComparison.Ordinal).StartsWith("UPDATE image_backups", StringComparison.Ordinal) && Interlocked.Exchange(ref armed, 0) == 1)
        {
            await using var other = command.Connection!.CreateCommand();
            other.Transaction = command.Transaction;
            other.CommandText = "UPDATE image_backups SET \"Status\" = 'available'";
            await other.ExecuteNonQueryAsync(cancellationToken);
        }

        return result;
    }
}
