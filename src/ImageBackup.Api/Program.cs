using ImageBackup.Api.Cli;
using ImageBackup.Api.Hosting;
using ImageBackup.Api.Http;
using ImageBackup.Api.Routes.BackupNodes;
using ImageBackup.Api.Routes.CloudObjectStorage;
using ImageBackup.Api.Routes.Emulator;
using ImageBackup.Api.Routes.Identity;
using ImageBackup.Api.Routes.ImageBackups;
using ImageBackup.Api.Routes.Images;
using ImageBackup.Api.Routes.Service;
using ImageBackup.Api.Routes.Volumes;
using ImageBackup.Api.Swagger;
using ImageBackup.Api.Telemetry;
using ImageBackup.Core;
using ImageBackup.Core.Persistence;
using ImageBackup.Core.Settings;

if (!CommandLine.IsServe(args, out var hostArguments))
{
    return await CommandLine.RunAsync(args);
}

using var run = new ServiceRun();
var builder = WebApplication.CreateBuilder(hostArguments);

// Register.
builder.Services.AddHostedService(_ => run);
builder.AddHttpManners();
builder.Services.AddImageBackupCore(builder.Configuration);
builder.Services.AddWebPage();
builder.AddTelemetry();
builder.Services.AddApiDocument();

var app = builder.Build();
app.Services.GetRequiredService<SettingsCheck>().Run();
app.Services.GetRequiredService<ModelAhead>().Begin();

// Middleware.
app.UseHttpManners();
app.UseWebPage();
app.UseSwagger();
app.UseSwaggerUI();

// Routes, one line a feature.
app.MapVersionDocuments();
app.MapHealth();
app.MapMetrics();
app.MapIdentity();
app.MapEmulator();
var project = app.MapProjectRoutes();
project.MapImageBackups();
project.MapCloudObjectStorage();
project.MapVolumes();
project.MapBackupNodes();
app.MapImages();

return await run.RunAsync(app);
