using ImageBackup.Core.ObjectStorage;
using ImageBackup.Core.ObjectStorage.Calls;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageBackup.Core.Tests.ObjectStorage;

public sealed class StoreRetriesTests
{
    private readonly ImmediateTime time = new();
    private int attempts;

    [Fact]
    public async Task Delays_double_up_to_30_seconds_and_are_randomized_down_to_a_half()
    {
        await RunAsync(new CosOptions { MaxAttempts = 6, RetryDelaySeconds = 5 }, failures: int.MaxValue, ObjectStoreError.Unavailable);

        double[] full = [5, 10, 20, 30, 30];
        Assert.Equal(full.Length, time.Delays.Count);
        Assert.All(full.Zip(time.Delays), pair => Assert.InRange(pair.Second.TotalSeconds, pair.First / 2, pair.First));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task An_unavailable_store_is_tried_as_often_as_the_settings_say(int maxAttempts)
    {
        var error = await RunAsync(new CosOptions { MaxAttempts = maxAttempts }, failures: int.MaxValue, ObjectStoreError.Unavailable);

        Assert.Equal(maxAttempts, attempts);
        Assert.Equal(ObjectStoreError.Unavailable, error);
    }

    [Fact]
    public async Task A_request_that_succeeds_is_not_repeated()
    {
        var error = await RunAsync(new CosOptions { MaxAttempts = 5 }, failures: 2, ObjectStoreError.Unavailable);

        Assert.Equal(3, attempts);
        Assert.Null(error);
    }

    [Theory]
    [InlineData(ObjectStoreError.NoBucket)]
    [InlineData(ObjectStoreError.NoAccess)]
    [InlineData(ObjectStoreError.NoObject)]
    [InlineData(ObjectStoreError.NoUpload)]
    [InlineData(ObjectStoreError.Changed)]
    [InlineData(ObjectStoreError.Refused)]
    public async Task Permanent_errors_are_not_repeated(ObjectStoreError permanent)
    {
        var error = await RunAsync(new CosOptions { MaxAttempts = 5 }, failures: int.MaxValue, permanent);

        Assert.Equal(1, attempts);
        Assert.Equal(permanent, error);
    }

    /// <summary>Runs a request that fails a number of times, and returns its last error.</summary>
    private async Task<ObjectStoreError?> RunAsync(CosOptions options, int failures, ObjectStoreError error)
    {
        try
        {
            await StoreRetries.Create(options, time, NullLogger.Instance).ExecuteAsync(_ => ++attempts > failures ? default : throw new ObjectStoreException(error, "message"));
            return null;
        }
        catch (ObjectStoreException failure)
        {
            return failure.Error;
        }
    }

    /// <summary>Records delays and ends them at once.</summary>
    private sealed class ImmediateTime : TimeProvider
    {
        public List<TimeSpan> Delays { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Delays.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
