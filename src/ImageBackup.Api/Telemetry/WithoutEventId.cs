using Serilog.Core;
using Serilog.Events;

namespace ImageBackup.Api.Telemetry;

/// <summary>Removes the numbers that the compiler gives to log messages. They tell an operator nothing.</summary>
internal sealed class WithoutEventId : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory) => logEvent.RemovePropertyIfPresent("EventId");
}
