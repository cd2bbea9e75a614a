using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ImageBackup.Api.Http;
using ImageBackup.Core.BackupNodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.BackupNodes;

/// <summary>POST /v3/{project_id}/backup-nodes</summary>
internal static class RegisterBackupNode
{
    /// <summary>The new backup node. PowerVC's envelope is plural in requests and singular in responses.</summary>
    [Envelope("backup_nodes")]
    [BodyExample("A second node", """
        {"backup_nodes": {"registration": {"access_ip": "192.0.2.10", "user_id": "root", "password": "secret", "display_name": "second node",
          "backup_node_id": "vm-2", "cos_default": "bucket-1", "fast_compression": false}}}
        """)]
    internal sealed record RegisterBackupNodeRequest
    {
        /// <summary>The registration.</summary>
        public required NewRegistrationRequest Registration { get; init; }
    }

    /// <summary>The registration of a new backup node.</summary>
    internal sealed record NewRegistrationRequest
    {
        /// <summary>The address or host name of the node.</summary>
        /// <example>192.0.2.10</example>
        [StringLength(255, MinimumLength = 1)]
        public required string AccessIp { get; init; }

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
        public required string DisplayName { get; init; }

        /// <summary>The bucket of exports that name no bucket.</summary>
        /// <example>bucket-1</example>
        [StringLength(255, MinimumLength = 1)]
        public string? CosDefault { get; init; }

        /// <summary>The name for backup_host and of the node's directory: letters, digits, dots, dashes and underscores. It never changes. Default: a generated name.</summary>
        /// <example>vm-2</example>
        [StringLength(64, MinimumLength = 1)]
        public string? BackupNodeId { get; init; }

        /// <summary>Whether exports to the node are always compressed.</summary>
        /// <example>false</example>
        [DefaultValue(false)]
        public bool FastCompression { get; init; }
    }

    public static async Task<Created<Enveloped<BackupNodeResponse>>> HandleAsync(Body<RegisterBackupNodeRequest> body, BackupNodeStore nodes, CancellationToken cancellationToken)
        => Enveloped.Created(BackupNodeResponse.Of(await nodes.RegisterAsync(Parse(body.Value.Registration), cancellationToken)));

    private static NodeRegistration Parse(NewRegistrationRequest request) => new()
    {
        AccessIp = AccessIp.Check(request.AccessIp),
        UserId = request.UserId,
        Password = request.Password,
        DisplayName = request.DisplayName,
        CosDefault = request.CosDefault,
        BackupNodeId = request.BackupNodeId,
        FastCompression = request.FastCompression,
    };
}
