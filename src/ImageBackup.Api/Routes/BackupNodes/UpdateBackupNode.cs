using System.ComponentModel.DataAnnotations;
using ImageBackup.Api.Http;
using ImageBackup.Core.BackupNodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary>PUT /v3/{project_id}/backup-nodes/{id}</summary>
internal static class UpdateBackupNode
{
    /// <summary>The change of a backup node.</summary>
    [Envelope("backup_nodes")]
    [BodyExample("A new name and bucket", """{"backup_nodes": {"registration": {"display_name": "node two", "cos_default": "cos-default"}}}""")]
    internal sealed record UpdateBackupNodeRequest
    {
        /// <summary>The change. Fields that are left out keep their values.</summary>
        public required RegistrationChangeRequest Registration { get; init; }
    }

    /// <summary>The change of a registration. Fields that are left out keep their values. The number and the backup_node_id never change.</summary>
    internal sealed record RegistrationChangeRequest
    {
        /// <summary>The address or host name of the node.</summary>
        /// <example>192.0.2.10</example>
        [StringLength(255, MinimumLength = 1)]
        public string? AccessIp { get; init; }

        /// <summary>The user on the node.</summary>
        /// <example>root</example>
        [StringLength(255)]
        public string? UserId { get; init; }

        /// <summary>The user's password. It is stored encrypted and never shown.</summary>
        /// <example>secret</example>
        [DataType(DataType.Password)]
        [StringLength(255)]
        public string? Password { get; init; }

        /// <summary>The display name.</summary>
        /// <example>second node</example>
        [StringLength(255, MinimumLength = 1)]
        public string? DisplayName { get; init; }

        /// <summary>The bucket of exports that name no bucket. Null or an empty text removes it.</summary>
        /// <example>bucket-1</example>
        [StringLength(255)]
        public Optional<string?> CosDefault { get; init; }

        /// <summary>Whether exports to the node are always compressed.</summary>
        /// <example>false</example>
        public bool? FastCompression { get; init; }
    }

    public static async Task<Ok<Enveloped<BackupNodeResponse>>> HandleAsync(string id, HttpContext context, Body<UpdateBackupNodeRequest> body, BackupNodeStore nodes, CancellationToken cancellationToken)
        => Enveloped.Ok(BackupNodeResponse.Of(await nodes.UpdateAsync(context.Caller().ProjectId, id, Parse(body.Value.Registration), cancellationToken)));

    private static NodeChange Parse(RegistrationChangeRequest request) => new()
    {
        AccessIp = request.AccessIp is { } accessIp ? AccessIp.Check(accessIp) : null,
        UserId = request.UserId,
        Password = request.Password,
        DisplayName = request.DisplayName,
        CosDefault = request.CosDefault.IsSet ? request.CosDefault.Value ?? "" : null,
        FastCompression = request.FastCompression,
    };
}
