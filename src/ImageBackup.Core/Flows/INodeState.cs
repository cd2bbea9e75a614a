namespace ImageBackup.Core.Flows;

/// <summary>The state of an operation that reads or writes files of a backup node.</summary>
public interface INodeState
{
    /// <summary>The <c>backup_node_id</c> of the node.</summary>
    string BackupNodeId { get; }
}
