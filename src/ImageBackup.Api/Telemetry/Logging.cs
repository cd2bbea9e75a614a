using System.Globalization;
using Serilog;
using Serilog.Events;

namespace ImageBackup.Api.Telemetry;

/// <summary>Writes log lines to the console. The section <c>Serilog</c> of the settings changes levels and adds sinks.</summary>
internal static class Logging
{
    private const string Line = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} {Message:lj} {Properties:j}{NewLine}{Exception}";

    public static void AddLogging(this WebApplicationBuilder builder) => builder.Services.AddSerilog(
        (_, logger) => logger
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)

            // Whoever catches an exception of the database logs it. EF Core would log it once more.
            .MinimumLevel.Override("Microsoft.EntityFrameworkCore", LogEventLevel.Fatal)

            // A start that fails is explained by one line on the error stream instead of this category's stack trace.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
            .Enrich.FromLogContext()
            .Enrich.With<PrintableText>()
            .Enrich.With<WithoutEventId>()
            .WriteTo.Console(outputTemplate: Line, formatProvider: CultureInfo.InvariantCulture)
            .ReadFrom.Configuration(builder.Configuration),
        preserveStaticLogger: true);

    /// <summary>Logs one line per request, without its query: reads at Debug, because clients that wait for an operation send several per second.</summary>
    public static void UseRequestLogging(this WebApplication app) => app.UseSerilogRequestLogging(options =>
    {
        options.Logger = app.Services.GetRequiredService<Serilog.ILogger>();
        options.IncludeQueryInRequestPath = false;
        options.GetLevel = (context, _, exception) => LevelOf(context, exception);
    });

    private static LogEventLevel LevelOf(HttpContext context, Exception? exception)
        => exception is not null || context.Response.StatusCode >= 500 ? LogEventLevel.Error
            : HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? LogEventLevel.Debug
            : LogEventLevel.Information;
}
