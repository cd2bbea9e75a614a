using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.Settings;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.Buckets;

/// <summary>Refuses the embedded object store with PostgreSQL: it is a directory of one process.</summary>
internal sealed class SharedStoreValidation(IOptions<DatabaseOptions> database) : IValidateOptions<CosOptions>
{
    public ValidateOptionsResult Validate(string? name, CosOptions options) => options.IsEmbedded && database.Value.IsPostgreSql
        ? ValidateOptionsResult.Fail($"{CosOptions.Section}:{nameof(CosOptions.ServiceUrl)} is missing: {DatabaseOptions.Section}:{nameof(DatabaseOptions.Provider)} PostgreSql needs an S3 service, because the embedded store is a directory of one process. Set it.")
        : ValidateOptionsResult.Success;
}
