using ImageBackup.Core.Errors;

namespace ImageBackup.Api.Emulator;

/// <summary>Adds what a seed describes: (1) projects and users, (2) templates, buckets, nodes and images, (3) image backups, each by real operations.</summary>
internal sealed class Seeder(SeededUsers users, SeedCatalog catalog, SeedBackups backups) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Adds the seed. Entries that exist stay as they are.</summary>
    /// <returns>The ids of the image backups, in the order of the seed.</returns>
    /// <exception cref="BackupException">An entry is wrong. The message names the list, its place, the field, the value and what is accepted. Earlier entries stay.</exception>
    public async Task<IReadOnlyList<int>> AddAsync(SeedRequest seed, CancellationToken cancellationToken)
    {
        // One at a time, because a seed looks up names before it adds them.
        await turn.WaitAsync(cancellationToken);
        try
        {
            backups.Check(seed.ImageBackups ?? []);
            users.Add(seed);
            await EachAsync("storage_templates", seed.StorageTemplates, template => catalog.AddAsync(template, cancellationToken));
            await EachAsync("buckets", seed.Buckets, bucket =>
            {
                catalog.Add(bucket);
                return Task.CompletedTask;
            });
            await EachAsync("backup_nodes", seed.BackupNodes, node => catalog.AddAsync(node, cancellationToken));
            await EachAsync("images", seed.Images, image => catalog.AddAsync(image, cancellationToken));
            var ids = new List<int>();
            await EachAsync("image_backups", seed.ImageBackups, async backup => ids.Add(await backups.AddAsync(backup, cancellationToken)));
            return ids;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private static async Task EachAsync<T>(string list, IReadOnlyList<T>? entries, Func<T, Task> addAsync)
    {
        for (var i = 0; i < (entries?.Count ?? 0); i++)
        {
            try
            {
                await addAsync(entries![i]);
            }
            catch (BackupException e)
            {
                throw new InvalidRequestException($"{list}[{i}]: {e.Message}", e);
            }
        }
    }
}
