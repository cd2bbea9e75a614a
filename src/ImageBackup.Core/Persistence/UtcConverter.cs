using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ImageBackup.Core.Persistence;

/// <summary>Restores the kind of a time, which SQLite does not store. All times are UTC. PostgreSQL keeps microseconds.</summary>
internal sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(value => value.ToUniversalTime(), value => DateTime.SpecifyKind(value, DateTimeKind.Utc));
