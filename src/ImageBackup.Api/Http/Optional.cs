namespace ImageBackup.Api.Http;

/// <summary>A field of a change, where leaving it out and sending null differ. Null is refused unless <typeparamref name="T"/> is nullable.</summary>
/// <param name="Value">The value that was sent.</param>
internal readonly record struct Optional<T>(T Value)
{
    /// <summary>True if the field was sent.</summary>
    public bool IsSet { get; } = true;
}
