using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Startup;

/// <summary>What a first start begins with: the node <c>local</c>, the demo image, the storage templates.</summary>
internal sealed class FirstStart(VolumeTypeStore volumeTypes, BackupNodeStore nodes, DemoImage demo, IOptions<DemoOptions> demoOptions)
{
    /// <summary>Does nothing where it was done before.</summary>
    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        if (await volumeTypes.AnyAsync(cancellationToken))
        {
            return;
        }

        if (!await nodes.AnyAsync(cancellationToken))
        {
            await nodes.SeedAsync(cancellationToken);
        }

        if (demoOptions.Value.Enabled)
        {
            await demo.CreateAsync(cancellationToken);
        }

        // The templates last: while there are none, the next start is still the first one.
        await volumeTypes.SeedAsync(cancellationToken);
    }
}
