using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageBackup.Core.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace ImageBackup.Api.Http;

/// <summary>
/// Reads a JSON body into a request record, as leniently as Cinder. The attributes of the record are the rules (<see cref="RequestField"/>). Every refusal
/// is an <see cref="InvalidRequestException"/> that names the field.
/// </summary>
internal static class RequestReader
{
    /// <summary>Reads a body, in its envelope if <typeparamref name="T"/> has one.</summary>
    public static T Read<T>(JsonElement body)
        where T : class
    {
        var envelope = typeof(T).GetCustomAttribute<EnvelopeAttribute>();
        return envelope is null || envelope.IsOptional && body.ValueKind == JsonValueKind.Object && !body.TryGetProperty(envelope.Name, out _)
            ? (T)ReadRecord(typeof(T), body, name: null)
            : (T)ReadRecord(typeof(T), Open(typeof(T), envelope.Name, body), envelope.Name);
    }

    /// <summary>Reads the body of a route whose body is optional. Null if no body was sent.</summary>
    public static async Task<T?> ReadOptionalAsync<T>(HttpContext context, CancellationToken cancellationToken)
        where T : class
        => context.Request.ContentLength == 0 || context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }
            ? null
            : Read<T>(await JsonBody.ReadAsync(context, cancellationToken));

    private static JsonElement Open(Type type, string envelope, JsonElement body)
    {
        CheckObject(type, body, name: null);
        var content = body.TryGetProperty(envelope, out var found) ? found : throw InvalidField.Missing(envelope, record: null);
        CheckObject(type, content, envelope);
        if (!IgnoresUnknown(type))
        {
            RefuseUnknown(body.EnumerateObject().Select(member => member.Name).Where(name => name != envelope), owner: null);
        }

        return content;
    }

    private static object ReadRecord(Type type, JsonElement json, string? name)
    {
        CheckObject(type, json, name);
        var fields = RequestField.Of(type);
        var record = Activator.CreateInstance(type)!;

        // Records last: an unknown field beside a record is reported before the record's own problems.
        foreach (var field in fields.Where(field => !field.IsRecord && !field.IsRest))
        {
            Set(record, field, json, name);
        }

        ReadRest(record, type, fields, json, name);
        foreach (var field in fields.Where(field => field.IsRecord))
        {
            Set(record, field, json, name);
        }

        return record;
    }

    private static void Set(object record, RequestField field, JsonElement json, string? owner)
    {
        var isSent = json.TryGetProperty(field.Name, out var value) && !IsWordForNoRecord(field, value);
        if (!isSent && field.IsRequired)
        {
            throw InvalidField.Missing(field.Name, owner);
        }

        if (isSent && (value.ValueKind != JsonValueKind.Null || field.RefusesNull))
        {
            SetValue(record, field, Read(field, value));
        }
        else if (isSent && field.IsOptional)
        {
            SetValue(record, field, null);
        }
        else if (field.Default is not null)
        {
            SetValue(record, field, field.Default);
        }
    }

    private static object Read(RequestField field, JsonElement value)
        => field.IsRecord ? ReadRecord(field.Type, value, field.Name)
            : field.ItemType is { } item ? ReadRecords(item, field, value)
            : RequestValue.Read(field, value);

    private static Array ReadRecords(Type item, RequestField field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw InvalidField.InRecord(field.Name, "It is not a list");
        }

        var records = Array.CreateInstance(item, value.GetArrayLength());
        for (var i = 0; i < records.Length; i++)
        {
            try
            {
                records.SetValue(ReadRecord(item, value[i], name: null), i);
            }
            catch (InvalidRequestException e)
            {
                throw new InvalidRequestException($"{field.Name}[{i}]: {e.Message}", e);
            }
        }

        return records;
    }

    private static void SetValue(object record, RequestField field, object? value)
        => field.Property.SetValue(record, field.IsOptional ? Activator.CreateInstance(field.Property.PropertyType, [value]) : value);

    private static void ReadRest(object record, Type type, IReadOnlyList<RequestField> fields, JsonElement json, string? name)
    {
        var known = fields.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
        var rest = json.EnumerateObject().Where(member => !known.Contains(member.Name)).ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
        if (fields.FirstOrDefault(field => field.IsRest) is { } restField)
        {
            restField.Property.SetValue(record, rest);
        }
        else if (!IgnoresUnknown(type))
        {
            RefuseUnknown(rest.Keys, name);
        }
    }

    /// <summary>Returns true for an allowed word in the place of a record, such as Keystone's "unscoped". It means the same as leaving the record out.</summary>
    private static bool IsWordForNoRecord(RequestField field, JsonElement value)
        => field.IsRecord && value.ValueKind == JsonValueKind.String && field.Words?.Words.Contains(value.GetString()) == true;

    private static bool IgnoresUnknown(Type type)
        => type.GetCustomAttribute<JsonUnmappedMemberHandlingAttribute>()?.UnmappedMemberHandling == JsonUnmappedMemberHandling.Skip;

    private static void RefuseUnknown(IEnumerable<string> names, string? owner)
    {
        var unknown = names.ToList();
        if (unknown.Count > 0)
        {
            throw InvalidField.InRecord(owner, $"Additional properties are not allowed ({InvalidField.Words(unknown)} {(unknown.Count == 1 ? "was" : "were")} unexpected)");
        }
    }

    private static void CheckObject(Type type, JsonElement json, string? name)
    {
        if (json.ValueKind == JsonValueKind.Object)
        {
            return;
        }

        // A text in the place of a record with a secret may be that secret.
        var reason = RequestField.HoldsSecret(type) ? "It is not of type 'object'" : $"{InvalidField.Quote(json)} is not of type 'object'";
        throw name is null || RequestField.HoldsSecret(type) ? InvalidField.InRecord(name, reason) : InvalidField.Create(name, json, reason);
    }
}
