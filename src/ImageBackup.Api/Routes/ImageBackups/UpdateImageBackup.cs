using System.ComponentModel.DataAnnotations;
using ImageBackup.Api.Http;
using ImageBackup.Core.Backups;
using ImageBackup.Core.Errors;
using ImageBackup.Core.Flows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.ImageBackups;

/// <summary>PUT /v3/{project_id}/image-backups/{id}</summary>
internal static class UpdateImageBackup
{
    /// <summary>The change. Fields that are left out keep their values.</summary>
    [Envelope("image-backup")]
    [BodyExample("A new name", """{"image-backup": {"name": "renamed", "description": "after the upgrade"}}""")]
    internal sealed record UpdateImageBackupRequest
    {
        /// <summary>The new name. The archive's file name stays the same.</summary>
        /// <example>renamed</example>
        [StringLength(255, MinimumLength = 1)]
        public Optional<string> Name { get; init; }

        /// <summary>The new description. Null removes it.</summary>
        /// <example>after the upgrade</example>
        [StringLength(255)]
        public Optional<string?> Description { get; init; }
    }

    public static async Task<Ok<Enveloped<ImageBackupResponse>>> HandleAsync(
        HttpContext context, string id, Body<UpdateImageBackupRequest> body, BackupStore backups, FlowProgress progress, CancellationToken cancellationToken)
    {
        await backups.UpdateAsync(context.Caller(), BackupIds.Parse(id), Parse(body.Value), cancellationToken);
        return ShowImageBackup.Handle(context, id, backups, progress);
    }

    private static UpdateBackupCommand Parse(UpdateImageBackupRequest request)
        => request.Name.IsSet || request.Description.IsSet
            ? new UpdateBackupCommand(request.Name.Value, request.Description.IsSet, request.Description.Value)
            : throw new InvalidRequestException("There is nothing to change: give name, description, or both.");
}
