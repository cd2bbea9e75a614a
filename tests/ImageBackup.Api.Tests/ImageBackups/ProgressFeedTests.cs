using System.Data.Common;
using System.Diagnostics;
using ImageBackup.Core.Persistence;
using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace ImageBackup.Api.Tests.ImageBackups;

/// <summary>The queries of event streams.</summary>
public sealed class ProgressFeedTests(CountingFixture service) : FlowTest(service), IClassFixture<CountingFixture>
{
    [Fact]
    public async Task Streams_of_many_operations_share_one_query()
    {
        const int operations = 20;
        var imageId = await Seeds.ImageAsync(Content.Random(1000));
        var streams = new List<HttpResponseMessage>();
        for (var i = 0; i < operations; i++)
        {
            // A fault stalls one task. An operation that went on would read its rows.
            Service.Stall("backup_vol_*", 0);
            using var request = new HttpRequestMessage(HttpMethod.Get, (await Client.ExportAsync(imageId)).TaskUri);
            request.Headers.Accept.ParseAdd("text/event-stream");
            streams.Add(await Service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));

            // Each stream's first document is a query of its own.
            Assert.NotEqual(0, await (await streams[^1].Content.ReadAsStreamAsync()).ReadAsync(new byte[1]));
        }

        var (clock, before) = (Stopwatch.StartNew(), service.Queries.Count);
        await Task.Delay(TimeSpan.FromSeconds(1));
        var queries = service.Queries.Count - before;
        streams.ForEach(stream => stream.Dispose());

        // Four looks a second, however many streams there are.
        Assert.InRange(queries, 1, clock.Elapsed.TotalSeconds * operations / 2);
    }
}

/// <summary>A service that counts the queries of progress documents.</summary>
public sealed class CountingFixture : ServiceFixture
{
    public QueryCount Queries { get; } = new();

    protected override void ConfigureServices(IServiceCollection services)
    {
        services.ConfigureDbContext<ImageBackupDbContext>(builder => builder.AddInterceptors(Queries));
        services.ConfigureDbContext<Core.Persistence.PostgreSql.PostgreSqlDbContext>(builder => builder.AddInterceptors(Queries));
    }
}

/// <summary>Counts the statements that read log books with their tasks.</summary>
public sealed class QueryCount : DbCommandInterceptor
{
    private int count;

    public int Count => count;

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        if (command.CommandText.Contains("LEFT JOIN \"tasks\"", StringComparison.Ordinal) || command.CommandText.Contains("LEFT JOIN tasks", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref count);
        }

        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        => ValueTask.FromResult(ReaderExecuting(command, eventData, result));
}
