using ImageBackup.Core.Buckets;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>Refuses a store that is configured by half, naming the key that is missing or too much. No message repeats a value that is a secret.</summary>
internal sealed class CosOptionsValidation : IValidateOptions<CosOptions>
{
    public ValidateOptionsResult Validate(string? name, CosOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(CosOptions options)
    {
        if (!BucketNames.IsBucketName(options.DefaultBucket))
        {
            yield return $"{Key(nameof(options.DefaultBucket))}: '{options.DefaultBucket}' can't be a bucket's name: 3 to 63 lower-case letters, digits, dots and dashes.";
        }

        var secrets = CosSecrets.All(options).ToList();
        foreach (var problem in secrets.Select(secret => secret.Problem).OfType<string>())
        {
            yield return problem;
        }

        var given = secrets.Where(secret => secret.IsGiven).Select(secret => secret.Name).ToHashSet();
        if (!string.IsNullOrWhiteSpace(options.ResourceCrn))
        {
            given.Add(nameof(options.ResourceCrn));
        }

        foreach (var problem in string.IsNullOrWhiteSpace(options.ServiceUrl) ? WithoutService(given) : WithService(options, given))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> WithoutService(HashSet<string> given)
        => given.Order(StringComparer.Ordinal).Select(name => $"{Key(name)} is set, but {Key(nameof(CosOptions.ServiceUrl))} is not: set it, or remove the key to use the embedded store.");

    private static IEnumerable<string> WithService(CosOptions options, HashSet<string> given)
    {
        if (!CosCredentials.IsEndpoint(options.ServiceUrl!))
        {
            yield return $"{Key(nameof(options.ServiceUrl))}: '{options.ServiceUrl}' is not an absolute http or https URL without user name, query and fragment.";
        }

        if (!CosCredentials.IsEndpoint(options.AuthEndpoint))
        {
            yield return $"{Key(nameof(options.AuthEndpoint))}: '{options.AuthEndpoint}' is not an absolute http or https URL without user name, query and fragment.";
        }

        string[] ibm = [nameof(CosOptions.ApiKey), nameof(CosOptions.ResourceCrn)];
        string[] hmac = [nameof(CosOptions.AccessKey), nameof(CosOptions.SecretKey)];
        if (ibm.Any(given.Contains) && hmac.Any(given.Contains))
        {
            yield return $"{Key(given.First(ibm.Contains))} and {Key(given.First(hmac.Contains))} are both set: give either {ibm[0]} and {ibm[1]}, or {hmac[0]} and {hmac[1]}.";
            yield break;
        }

        var wanted = ibm.Any(given.Contains) ? ibm : hmac;
        foreach (var missing in wanted.Where(name => !given.Contains(name)))
        {
            yield return $"{Key(missing)} is missing: {Key(nameof(options.ServiceUrl))} needs {wanted[0]} and {wanted[1]} (secrets also as …File).";
        }
    }

    private static string Key(string name) => $"{CosOptions.Section}:{name}";
}
