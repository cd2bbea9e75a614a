using System.Net;
using ImageBackup.Api.Auth;
using ImageBackup.Api.Hosting;
using ImageBackup.Api.Routes.Images;
using ImageBackup.Api.Routes.Service;
using ImageBackup.Core.Settings;
using Microsoft.AspNetCore.HttpOverrides;
using Serilog;
using Serilog.Events;

namespace ImageBackup.Api.Http;

/// <summary>What every route shares: faults, request ids, versions, limits, logs.</summary>
internal static class HttpServices
{
    public static WebApplicationBuilder AddHttpManners(this WebApplicationBuilder builder)
    {
        builder.UseDefaultAddress();
        builder.AddLimits();
        var services = builder.Services;
        services.AddValidated<ApiOptions>(builder.Configuration, ApiOptions.Section);
        builder.AddAuth();
        services.AddHostedService<AnonymousListening>();
        services.AddExceptionHandler<FaultHandler>();
        services.AddProblemDetails();
        services.AddHealth();
        services.ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions));
        services.AddSerilog(
            (_, logger) => logger
                .MinimumLevel.Information()
                .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
                .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
                .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)

                // A start that fails is explained by one line on the error stream instead of this category's stack trace.
                .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
                .Enrich.FromLogContext()
                .WriteTo.Console(outputTemplate: "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} {Message:lj} {Properties:j}{NewLine}{Exception}", formatProvider: System.Globalization.CultureInfo.InvariantCulture)
                .ReadFrom.Configuration(builder.Configuration),
            preserveStaticLogger: true);
        return builder;
    }

    /// <summary>The order is Cinder's: size, token, route, version header; content type and body belong to the routes.</summary>
    public static WebApplication UseHttpManners(this WebApplication app)
    {
        app.UseForwardedHeadersOfTrustedProxies();
        app.UseMiddleware<RequestIds>();
        app.UseSerilogRequestLogging(options =>
        {
            options.Logger = app.Services.GetRequiredService<Serilog.ILogger>();
            options.IncludeQueryInRequestPath = false;
        });
        app.UseSecurityHeaders();
        app.UseExceptionHandler();
        app.UseStatusCodePages(FaultBody.WriteForStatusAsync);
        app.UseRateLimiter();
        app.UseHeadRoutedAsGet();
        app.UseImagePrefix();
        app.UseRouting();
        app.UseHeadRestored();
        app.UseRequestTimeouts();
        app.UseMiddleware<BodyLimit>();
        app.UseAuthentication();
        app.UseMiddleware<RequireCaller>();
        app.UseMiddleware<Microversions>();
        app.UseAuthorization();
        return app;
    }

    private static void UseForwardedHeadersOfTrustedProxies(this WebApplication app)
    {
        var proxies = app.Configuration.GetSection($"{ImageBackupOptions.Section}:{nameof(ImageBackupOptions.TrustedProxies)}").Get<string[]>() ?? [];
        if (proxies.Length == 0)
        {
            return;
        }

        // As many proxies as are named, each one of them: a client whose own address lies in a trusted network can't put another before it.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All, ForwardLimit = proxies.Length };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else if (System.Net.IPNetwork.TryParse(proxy, out var network))
            {
                options.KnownIPNetworks.Add(network);
            }
            else
            {
                throw new InvalidOperationException($"ImageBackup:TrustedProxies: '{proxy}' is neither an address nor a network such as 10.0.0.8/30.");
            }
        }

        app.UseForwardedHeaders(options);
    }
}
