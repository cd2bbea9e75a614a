using System.Text.Json;
using ImageBackup.Api.Http;
using ImageBackup.Core.Flows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageBackup.Api.Routes.Emulator;

/// <summary>POST /emulator/faults</summary>
internal static class AddFault
{
    private static readonly string[] Actions = ["fail", "stall", "throttle", "exit"];

    public static async Task<JsonHttpResult<FaultResponse>> HandleAsync(HttpContext context, FaultInjector faults, CancellationToken cancellationToken)
    {
        var make = Parse(await BodyFields.ReadAsync(context, "fault", cancellationToken));
        return TypedResults.Json(new FaultResponse(FaultView.For(faults.Add(make))), statusCode: StatusCodes.Status201Created);
    }

    private static Func<int, InjectedFault> Parse(BodyFields fields)
    {
        var task = fields.RequiredString("task");
        var at = Fraction(fields);
        var action = Enum.Parse<FaultAction>(fields.RequiredWord("action", Actions), ignoreCase: true);
        var bytesPerSecond = action == FaultAction.Throttle
            ? fields.RequiredInteger("bytes_per_second", 1, long.MaxValue)
            : fields.OptionalInteger("bytes_per_second", 1, long.MaxValue) ?? 0;
        var times = (int)(fields.OptionalInteger("times", 1, int.MaxValue) ?? 1);
        var message = fields.OptionalString("message") ?? "An injected fault";
        fields.RefuseUnknown();
        return id => new InjectedFault(id, task, at, action, bytesPerSecond, times, message);
    }

    /// <summary>How much of the task is done when the fault strikes: 0, the default, before it begins, to 1, before it is recorded.</summary>
    private static double Fraction(BodyFields fields)
    {
        if (fields.Find("at") is not { } value)
        {
            return 0;
        }

        return value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and <= 1
            ? value.GetDouble()
            : throw InvalidField.Create("at", value, $"{InvalidField.Quote(value)} is not a number from 0 to 1");
    }
}
