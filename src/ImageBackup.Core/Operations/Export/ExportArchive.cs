using ImageBackup.Core.Scratch;
using ImageBackup.Disks;
using ImageBackup.Ova;
using ImageBackup.Ova.Archive;
using ImageBackup.Ova.Blocks;
using ImageBackup.Ova.Descriptor;

namespace ImageBackup.Core.Operations.Export;

/// <summary>The archive of an export while it is written. Its volumes are packed in the order of the state, straight into the archive's temporary file.</summary>
internal sealed class ExportArchive(ExportState state, ExportPaths paths, DataPathOptions dataPath)
{
    /// <summary>Packs a volume behind those before it, and replaces what an earlier attempt has left there.</summary>
    public async Task PackAsync(ExportVolume volume, string volumePath, OvaProgress progress, CancellationToken cancellationToken)
    {
        var written = await WrittenAsync(state.Volumes.IndexOf(volume), cancellationToken);
        volume.Packed = await (await WriterAsync(cancellationToken)).PackAsync(written, volumePath, state.Compression, dataPath, progress, cancellationToken);
    }

    /// <summary>Completes the archive.</summary>
    public async Task FinishAsync(Action<long> setTotal, OvaProgress progress, CancellationToken cancellationToken)
    {
        var written = await WrittenAsync(state.Volumes.Count, cancellationToken);
        var writer = await WriterAsync(cancellationToken);
        setTotal(writer.BytesToFinish(written));
        state.Ova = await writer.FinishAsync(written, progress, cancellationToken);
    }

    /// <summary>Removes everything that is not the complete archive.</summary>
    public async Task DiscardAsync(CancellationToken cancellationToken)
    {
        foreach (var file in new[] { OvaWriter.PartialPathOf(paths.Ova), OvaWriter.ListsPathOf(paths.Ova) })
        {
            await RunDirectory.DiscardAsync(paths.Node, file, cancellationToken);
            await RunDirectory.RemoveFileAsync(paths.Node, Path.GetFileName(file), cancellationToken);
        }

        RemoveContainers();
    }

    /// <summary>Removes the complete archive, too.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await RunDirectory.DiscardAsync(paths.Node, paths.Ova, cancellationToken);
        await DiscardAsync(cancellationToken);
    }

    /// <summary>Removes the containers in which an earlier release packed the volumes.</summary>
    public void RemoveContainers() => WorkDirectory.Remove(paths.Image);

    /// <summary>Returns the first volumes of the archive. An earlier release has packed them in containers: those are copied.</summary>
    private async Task<IReadOnlyList<PackedVolume>> WrittenAsync(int count, CancellationToken cancellationToken)
    {
        var written = new List<PackedVolume>();
        foreach (var volume in state.Volumes[..count])
        {
            var packed = volume.Packed ?? throw new InvalidDataException($"Volume {volume.VolumeId} is not in the archive");
            if (packed.Offset == 0)
            {
                packed = await (await WriterAsync(cancellationToken)).CopyAsync(written, packed, paths.Member(volume), paths.BlockList(volume), cancellationToken);
                volume.Packed = packed;
            }

            written.Add(packed);
        }

        return written;
    }

    /// <summary>Returns a writer that goes on with the files of earlier runs.</summary>
    private async Task<OvaWriter> WriterAsync(CancellationToken cancellationToken)
    {
        var directory = await RunDirectory.OpenAsync(paths.Node, cancellationToken);
        var partial = directory.Continue(Path.GetFileName(OvaWriter.PartialPathOf(paths.Ova)), OvaWriter.PartialPathOf(paths.Ova));
        directory.Continue(Path.GetFileName(OvaWriter.ListsPathOf(paths.Ova)), OvaWriter.ListsPathOf(paths.Ova));
        return new OvaWriter(paths.Ova, Describe(), state.StartedAt, Path.GetDirectoryName(partial));
    }

    private OvfDescriptor Describe() => new()
    {
        Name = state.ImageName,
        Description = state.Description,
        OsType = state.OsType,
        Architecture = state.Architecture,
        Volumes = [.. state.Volumes.Select(volume => new OvfVolume
        {
            Href = volume.Member,
            Name = volume.Member,
            Capacity = volume.SizeBytes,
            Compression = state.Compression == OvaCompression.None ? null : DiskFormat.Gzip,
            Boot = volume.BootIndex >= 0,
        })],
    };
}
