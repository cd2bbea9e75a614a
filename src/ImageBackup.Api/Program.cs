using ImageBackup.Api.BackupNodes;
using ImageBackup.Api.CloudObjectStorage;
using ImageBackup.Api.Commands;
using ImageBackup.Api.Emulator;
using ImageBackup.Api.Http;
using ImageBackup.Api.Identity;
using ImageBackup.Api.ImageBackups;
using ImageBackup.Api.Images;
using ImageBackup.Api.Swagger;
using ImageBackup.Api.Telemetry;
using ImageBackup.Api.Volumes;
using ImageBackup.Api.WebPage;
using ImageBackup.Core;
using ImageBackup.Core.Persistence;

if (!CommandLine.IsServe(args, out var hostArguments))
{
    return await CommandLine.RunAsync(args);
}

var builder = WebApplication.CreateBuilder(hostArguments);

// Register.
builder.AddHttpManners();
builder.Services.AddImageBackupCore(builder.Configuration);
builder.Services.AddWebPage();
builder.AddTelemetry();
builder.Services.AddApiDocument();

var app = builder.Build();
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

return await CommandLine.ServeAsync(app);
