using Serilog.Core;
using Serilog.Events;

namespace ImageBackup.Api.Telemetry;

/// <summary>Escapes control characters and line separators in the texts of log lines, so that a request cannot forge a line or send escape codes to a terminal.</summary>
internal sealed class PrintableText : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        foreach (var (name, value) in logEvent.Properties.ToList())
        {
            if (value is ScalarValue { Value: string text } && text.Any(IsUnsafe))
            {
                logEvent.AddOrUpdateProperty(new LogEventProperty(name, new ScalarValue(Escape(text))));
            }
        }
    }

    private static string Escape(string text)
        => string.Concat(text.Select(character => IsUnsafe(character) ? $"\\u{(int)character:x4}" : character.ToString()));

    private static bool IsUnsafe(char character) => char.IsControl(character) || character is '\u2028' or '\u2029';
}
