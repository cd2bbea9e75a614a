using System.Text.Json.Serialization;
using ImageBackup.Api.Http;
using ImageBackup.Api.Routes.BackupNodes;
using ImageBackup.Api.Routes.CloudObjectStorage;
using ImageBackup.Api.Routes.ImageBackups;
using ImageBackup.Api.Routes.Volumes;

namespace ImageBackup.Api.Routes;

/// <summary>
/// The responses that clients ask for all the time. The compiler writes how they are serialized, so that the first answers after a start need no reflection
/// and no code that is made at run time. Other responses use reflection.
/// </summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Enveloped<ImageBackupResponse>))]
[JsonSerializable(typeof(Enveloped<ProgressResponse>))]
[JsonSerializable(typeof(Enveloped<StartedResponse>))]
[JsonSerializable(typeof(Enveloped<VolumeResponse>))]
[JsonSerializable(typeof(ListResponse<ImageBackupResponse>))]
[JsonSerializable(typeof(ListResponse<ListImageBackups.ImageBackupSummaryResponse>))]
[JsonSerializable(typeof(ListResponse<BackupNodeResponse>))]
[JsonSerializable(typeof(ListResponse<CosResponse>))]
[JsonSerializable(typeof(ListResponse<VolumeResponse>))]
internal sealed partial class ResponseTypes : JsonSerializerContext;
