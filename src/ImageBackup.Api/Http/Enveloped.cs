using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Http;

/// <summary>A record in its envelope. The <see cref="EnvelopeAttribute"/> of <typeparamref name="T"/> names the member.</summary>
/// <param name="Item">The record.</param>
internal sealed record Enveloped<T>(T Item);

/// <summary>Results whose body is an enveloped record.</summary>
internal static class Enveloped
{
    /// <summary>Returns 200 with the record.</summary>
    public static Ok<Enveloped<T>> Ok<T>(T item) => TypedResults.Ok(new Enveloped<T>(item));

    /// <summary>Returns 201 with the record.</summary>
    public static Created<Enveloped<T>> Created<T>(T item) => TypedResults.Created((string?)null, new Enveloped<T>(item));

    /// <summary>Returns 202 with the record.</summary>
    public static Accepted<Enveloped<T>> Accepted<T>(T item) => TypedResults.Accepted((string?)null, new Enveloped<T>(item));
}
