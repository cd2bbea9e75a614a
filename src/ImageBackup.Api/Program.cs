using ImageBackup.Api.Auth;
using ImageBackup.Api.Cli;
using ImageBackup.Api.Emulator;
using ImageBackup.Api.Hosting;
using ImageBackup.Api.Http;
using ImageBackup.Api.Routes;
using ImageBackup.Api.Routes.BackupNodes;
using ImageBackup.Api.Routes.CloudObjectStorage;
using ImageBackup.Api.Routes.Emulator;
using ImageBackup.Api.Routes.Identity;
using ImageBackup.Api.Routes.ImageBackups;
using ImageBackup.Api.Routes.Images;
using ImageBackup.Api.Routes.Quotas;
using ImageBackup.Api.Routes.Service;
using ImageBackup.Api.Routes.Services;
using ImageBackup.Api.Routes.Volumes;
using ImageBackup.Api.Swagger;
using ImageBackup.Api.Telemetry;
using ImageBackup.Core;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

if (!CommandLine.IsServe(args, out var hostArguments))
{
    return await CommandLine.RunAsync(args);
}

using var run = new ServiceRun();

// Settings are read once. A watcher of the settings' files would also report every write to a data directory below them.
var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. hostArguments]);

// Register.
builder.Services.AddHostedService(_ => run);
builder.UseDefaultAddress();
builder.AddLogging();
builder.AddHttp(ResponseTypes.Default);
builder.AddAuth();
builder.Services.AddHostedService<AnonymousListening>();
builder.Services.AddHealth();
builder.Services.AddImageBackupCore(builder.Configuration);
builder.Services.AddEmulatorServices();
builder.Services.AddSingleton<ProgressFeed>();
builder.Services.AddSingleton<EventStreamLimit>();
builder.Services.AddSingleton<OperationEvents>();
builder.Services.AddWebPage();
builder.AddTelemetry();
builder.Services.AddApiDocument();

var app = builder.Build();
app.Services.GetRequiredService<SettingsCheck>().Run();

// Middleware. As in Cinder, a request is refused for its size first, then for its token, its route and its version header.
TrustedProxies.Use(app);
app.UsePathSpellings();
app.UseMiddleware<RequestIds>();
JournalMiddleware.Use(app);
app.UseRequestLogging();
app.UseSecurityHeaders();
app.UseExceptionHandler();
app.UseStatusCodePages(ErrorWriter.WriteForStatusAsync);
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
app.UseWebPage();
app.UseApiDocument();

// Routes. A worker answers no clients.
app.MapHealth();
app.MapMetrics();
app.MapEmulator();
if (!app.Services.GetRequiredService<IOptions<ClusterOptions>>().Value.IsApi)
{
    return await run.RunAsync(app);
}

app.MapVersionDocuments();
app.MapIdentity();
var project = app.MapProjectRoutes();
project.MapImageBackups();
project.MapCloudObjectStorage();
project.MapVolumes();
project.MapQuotas();
project.MapServices();
project.MapBackupNodes();
app.MapImages();

return await run.RunAsync(app);
