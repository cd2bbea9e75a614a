using ImageBackup.Core.Buckets;
using ImageBackup.Core.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>Registers buckets and transfers.</summary>
internal static class ObjectStorageRegistration
{
    public static void AddObjectStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidated<CosOptions>(configuration, CosOptions.Section);
        services.AddSingleton<IValidateOptions<CosOptions>, CosOptionsValidation>();
        services.AddSingleton<CosProtector>();
        services.AddSingleton<ObjectStores>();
        services.AddSingleton<ObjectTransfer>();
        services.AddSingleton(provider => new CosStore(
            provider.GetRequiredService<IDbContextFactory<ImageBackupDbContext>>(),
            provider.GetRequiredService<ObjectStores>(),
            provider.GetRequiredService<CosProtector>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new BucketResolver(
            provider.GetRequiredService<IDbContextFactory<ImageBackupDbContext>>(),
            provider.GetRequiredService<ObjectStores>(),
            provider.GetRequiredService<CosProtector>()));
        services.AddHostedService<EmbeddedStoreSetup>();
    }
}
