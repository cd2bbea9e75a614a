using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace ImageBackup.Core.ObjectStorage;

/// <summary>Refuses incomplete or contradictory settings of the store and names the key. No message contains a secret.</summary>
internal sealed class CosOptionsValidation : IValidateOptions<CosOptions>
{
    public ValidateOptionsResult Validate(string? name, CosOptions options)
    {
        var problems = Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(CosOptions options)
    {
        var secrets = options.Secrets();
        var given = secrets.Where(secret => secret.IsGiven).Select(secret => secret.Name).ToHashSet();
        if (!string.IsNullOrWhiteSpace(options.ResourceCrn))
        {
            given.Add(nameof(options.ResourceCrn));
        }

        var problems = secrets.Select(secret => secret.Problem).OfType<string>();
        if (!BucketNames.IsBucketName(options.DefaultBucket))
        {
            problems = problems.Append($"{Key(nameof(options.DefaultBucket))}: '{options.DefaultBucket}' is not a bucket's name: {BucketNames.BucketRule}.");
        }

        if (CaProblem(options.CaFile) is { } why)
        {
            problems = problems.Append($"{Key(nameof(options.CaFile))}: {options.CaFile} cannot be read: {why}. It must be a file of PEM certificates.");
        }

        return problems.Concat(options.IsEmbedded ? WithoutService(given) : WithService(options, given));
    }

    private static string? CaProblem(string? file)
    {
        try
        {
            _ = string.IsNullOrWhiteSpace(file) ? null : PrivateCa.Read(file);
            return null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return unreadable.Message.TrimEnd('.');
        }
    }

    private static IEnumerable<string> WithoutService(HashSet<string> given)
        => given.Order(StringComparer.Ordinal).Select(name => $"{Key(name)} is set, but {Key(nameof(CosOptions.ServiceUrl))} is not. Set it, or remove {Key(name)} to use the embedded store.");

    private static IEnumerable<string> WithService(CosOptions options, HashSet<string> given)
    {
        foreach (var (name, url) in new[] { (nameof(options.ServiceUrl), options.ServiceUrl!), (nameof(options.AuthEndpoint), options.AuthEndpoint) })
        {
            if (!CosCredentials.IsEndpoint(url))
            {
                yield return $"{Key(name)}: '{url}' is not an absolute http or https URL without user name, query and fragment.";
            }
        }

        string[] ibm = [nameof(CosOptions.ApiKey), nameof(CosOptions.ResourceCrn)];
        string[] hmac = [nameof(CosOptions.AccessKey), nameof(CosOptions.SecretKey)];
        if (ibm.Any(given.Contains) && hmac.Any(given.Contains))
        {
            yield return $"{Key(given.First(ibm.Contains))} and {Key(given.First(hmac.Contains))} are both set. Set either {ibm[0]} and {ibm[1]}, or {hmac[0]} and {hmac[1]}.";
            yield break;
        }

        var needed = ibm.Any(given.Contains) ? ibm : hmac;
        foreach (var missing in needed.Where(name => !given.Contains(name)))
        {
            yield return $"{Key(missing)} is missing: {Key(nameof(options.ServiceUrl))} needs {needed[0]} and {needed[1]}. Secrets can also be read from files (…File).";
        }
    }

    private static string Key(string name) => $"{CosOptions.Section}:{name}";
}
