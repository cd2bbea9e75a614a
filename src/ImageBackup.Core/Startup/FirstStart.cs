using ImageBackup.Core.BackupNodes;
using ImageBackup.Core.Catalog;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Startup;

/// <summary>Fills an empty database: the backup node <c>local</c>, the demo image, the storage templates.</summary>
internal sealed class FirstStart(VolumeTypeStore volumeTypes, BackupNodeStore nodes, DemoImage demo, IOptions<DemoOptions> demoOptions)
{
    /// <summary>Does nothing if an earlier start has done it.</summary>
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

        // The templates come last: the next start repeats all this while there are none.
        await volumeTypes.SeedAsync(cancellationToken);
    }
}
