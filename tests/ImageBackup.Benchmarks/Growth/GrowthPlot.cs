using System.Globalization;
using System.Text;

namespace ImageBackup.Benchmarks.Growth;

/// <summary>Draws the milliseconds of a table by the number of records, as SVG with logarithmic axes. A flat line is a cost that does not grow.</summary>
internal static class GrowthPlot
{
    private const int Left = 60;
    private const int Right = 470;
    private const int Top = 20;
    private const int Bottom = 320;
    private const int Width = 860;
    private const int Height = 370;
    private static readonly string[] Colors = ["#0f62fe", "#da1e28", "#198038", "#8a3ffc", "#b28600", "#007d79", "#9f1853", "#525252"];

    public static string Draw(GrowthTable table)
    {
        var rows = table.Rows.Where(row => row.Unit == "ms").ToList();
        var values = rows.SelectMany(row => row.Readings).Select(reading => reading.Value).Where(value => value > 0).DefaultIfEmpty(1).ToList();
        var y = new Axis(Math.Floor(Math.Log10(values.Min())), Math.Ceiling(Math.Log10(values.Max())), Bottom, Top);
        var x = new Axis(Math.Log10(table.Sizes[0]), Math.Log10(table.Sizes[^1]), Left, Right);
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#161616\">");
        Add(svg, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#ffffff\"/>");
        for (var power = y.First; power <= y.Last; power++)
        {
            Add(svg, $"<path d=\"M{Left} {y.At(power):0.#}H{Right}\" stroke=\"#e0e0e0\"/>");
            Add(svg, $"<text x=\"{Left - 6}\" y=\"{y.At(power) + 4:0.#}\" text-anchor=\"end\">{Math.Pow(10, power):0.###}</text>");
        }

        foreach (var size in table.Sizes)
        {
            Add(svg, $"<path d=\"M{x.At(Math.Log10(size)):0.#} {Top}V{Bottom}\" stroke=\"#e0e0e0\"/>");
            Add(svg, $"<text x=\"{x.At(Math.Log10(size)):0.#}\" y=\"{Bottom + 18}\" text-anchor=\"middle\">{size:N0}</text>");
        }

        Add(svg, $"<text x=\"{(Left + Right) / 2}\" y=\"{Bottom + 40}\" text-anchor=\"middle\">image backups, images, volumes and operations</text>");
        Add(svg, $"<text x=\"16\" y=\"{(Top + Bottom) / 2}\" text-anchor=\"middle\" transform=\"rotate(-90 16 {(Top + Bottom) / 2})\">milliseconds</text>");
        foreach (var (row, index) in rows.Select((row, index) => (row, index)))
        {
            var points = string.Join(' ', table.Sizes.Zip(row.Readings, (size, reading) => string.Create(CultureInfo.InvariantCulture, $"{x.At(Math.Log10(size)):0.#},{y.At(Math.Log10(Math.Max(reading.Value, Math.Pow(10, y.First)))):0.#}")));
            var color = Colors[index % Colors.Length];
            Add(svg, $"<polyline points=\"{points}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>");
            Add(svg, $"<rect x=\"{Right + 24}\" y=\"{Top + (index * 24)}\" width=\"14\" height=\"4\" fill=\"{color}\"/>");
            Add(svg, $"<text x=\"{Right + 44}\" y=\"{Top + 6 + (index * 24)}\">{row.Name}</text>");
        }

        Add(svg, $"</svg>");
        return svg.ToString();
    }

    private static void Add(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    /// <summary>An axis of powers of ten.</summary>
    private sealed record Axis(double First, double Last, int From, int To)
    {
        public double At(double power) => From + ((To - From) * (Last > First ? (power - First) / (Last - First) : 0.5));
    }
}
