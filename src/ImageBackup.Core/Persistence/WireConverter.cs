using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ImageBackup.Core.Persistence;

/// <summary>Stores an enum as its wire word in snake case.</summary>
internal sealed class WireConverter<T>() : ValueConverter<T, string>(value => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()), word => WireNames.Parse<T>(word))
    where T : struct, Enum;
