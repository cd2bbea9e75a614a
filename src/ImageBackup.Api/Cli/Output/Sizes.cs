using System.Globalization;

namespace ImageBackup.Api.Cli.Output;

/// <summary>Formats bytes and durations for people.</summary>
internal static class Sizes
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>Returns text such as <c>1.5 GiB</c>.</summary>
    public static string Of(double bytes)
    {
        var unit = 0;
        while (bytes >= 1024 && unit < Units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture)} {Units[unit]}");
    }

    /// <summary>Returns text such as <c>1:02:03</c> or <c>0:07</c>.</summary>
    public static string Of(TimeSpan time)
        => time.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm\\:ss}")
            : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time:ss}");
}
