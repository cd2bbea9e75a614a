using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.ObjectStorage.Directories;
using ImageBackup.Core.ObjectStorage.Web;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Buckets;

/// <summary>Registers buckets, stores and transfers.</summary>
internal static class BucketRegistration
{
    public static void AddBuckets(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidated<CosOptions>(configuration, CosOptions.Section);
        services.AddSingleton<IValidateOptions<CosOptions>, CosOptionsValidation>();
        services.AddSingleton<IValidateOptions<CosOptions>, SharedStoreValidation>();
        services.AddSingleton<CosProtector>();
        services.AddSingleton<ObjectStores>();
        services.AddSingleton<ObjectTransfer>();
        services.AddValidated<SourceUrlOptions>(configuration, SourceUrlOptions.Section);
        services.AddSingleton<WebFiles>();
        services.AddSingleton<CosStore>();
        services.AddSingleton<BucketContents>();
        services.AddSingleton<BucketResolver>();
        services.AddHostedService<EmbeddedStoreSetup>();
    }
}
