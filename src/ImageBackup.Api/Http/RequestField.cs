using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageBackup.Api.Http;

/// <summary>A property of a request record and the rules of its attributes, for <see cref="RequestReader"/> and the OpenAPI document.</summary>
internal sealed class RequestField
{
    private const int DefaultMaximum = 255;
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<RequestField>> Known = [];

    public RequestField(PropertyInfo property)
    {
        Property = property;
        Name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        IsSecret = property.GetCustomAttribute<DataTypeAttribute>()?.DataType == DataType.Password;
        IsRest = property.IsDefined(typeof(JsonExtensionDataAttribute));
        KeepsSpaces = property.IsDefined(typeof(KeepSpacesAttribute));
        Words = property.GetCustomAttribute<AllowedWordsAttribute>();
        IsOptional = property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(Optional<>);
        Default = IsOptional ? null : property.GetCustomAttribute<DefaultValueAttribute>()?.Value;
        var type = IsOptional ? property.PropertyType.GenericTypeArguments[0] : property.PropertyType;
        Type = Nullable.GetUnderlyingType(type) ?? type;
        RefusesNull = IsRequired || IsOptional && new NullabilityInfoContext().Create(property).GenericTypeArguments[0].ReadState == NullabilityState.NotNull;
        var length = property.GetCustomAttribute<StringLengthAttribute>();
        (MinLength, MaxLength) = (length?.MinimumLength ?? 0, length?.MaximumLength ?? DefaultMaximum);
        var range = property.GetCustomAttribute<RangeAttribute>();
        (Minimum, Maximum) = (Convert.ToInt64(range?.Minimum ?? 0L), Convert.ToInt64(range?.Maximum ?? long.MaxValue));
    }

    public PropertyInfo Property { get; }

    /// <summary>The name on the wire.</summary>
    public string Name { get; }

    /// <summary>The type of the value, without <see cref="Optional{T}"/> and <see cref="Nullable{T}"/>.</summary>
    public Type Type { get; }

    /// <summary>True if the request must have the field: the property is <c>required</c>.</summary>
    public bool IsRequired { get; }

    /// <summary>True for an <see cref="Optional{T}"/>.</summary>
    public bool IsOptional { get; }

    /// <summary>True if null is refused. Otherwise null means the same as leaving the field out, except for an <see cref="Optional{T}"/>.</summary>
    public bool RefusesNull { get; }

    /// <summary>True for <c>[DataType(DataType.Password)]</c>: no message repeats the value, and its spaces stay.</summary>
    public bool IsSecret { get; }

    /// <summary>True for <c>[JsonExtensionData]</c>: the property receives every field that has no other property.</summary>
    public bool IsRest { get; }

    /// <summary>True if the value is a record.</summary>
    public bool IsRecord => IsOurs(Type);

    /// <summary>The type of the records if the value is a list of records; otherwise null.</summary>
    public Type? ItemType => Type.IsGenericType && Type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) && Type.GenericTypeArguments[0] is { } item && IsOurs(item) ? item : null;

    /// <summary>True if leading and trailing spaces stay.</summary>
    public bool KeepsSpaces { get; }

    /// <summary>The words that are accepted; null for any text.</summary>
    public AllowedWordsAttribute? Words { get; }

    /// <summary>The value of a field that is left out; null for an <see cref="Optional{T}"/>, which stays unset.</summary>
    public object? Default { get; }

    /// <summary>The minimum number of characters, after spaces were removed.</summary>
    public int MinLength { get; }

    /// <summary>The maximum number of characters, in Unicode code points.</summary>
    public int MaxLength { get; }

    /// <summary>The smallest number.</summary>
    public long Minimum { get; }

    /// <summary>The largest number.</summary>
    public long Maximum { get; }

    /// <summary>Returns the fields of a request record in the order of its properties.</summary>
    public static IReadOnlyList<RequestField> Of(Type record)
        => Known.GetOrAdd(record, static type => [.. type.GetProperties().Where(property => property.CanWrite).Select(property => new RequestField(property))]);

    /// <summary>Returns true if a record of the type holds a secret, so no message may repeat it.</summary>
    public static bool HoldsSecret(Type record) => Of(record).Any(field => field.IsSecret || field.IsRecord && HoldsSecret(field.Type) || field.ItemType is { } item && HoldsSecret(item));

    private static bool IsOurs(Type type) => type.Namespace!.StartsWith(nameof(ImageBackup), StringComparison.Ordinal);
}
