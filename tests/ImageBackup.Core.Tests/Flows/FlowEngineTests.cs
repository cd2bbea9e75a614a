using ImageBackup.Core.Flows;
using ImageBackup.Core.Persistence;
using ImageBackup.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageBackup.Core.Tests.Flows;

/// <summary>Rules of the engine that no real operation can show, because its tasks do not fail in these ways.</summary>
public sealed class FlowEngineTests : IAsyncLifetime
{
    private const string Book = "a-log-book";

    private readonly TemporaryDirectory directory = new();
    private readonly ServiceProvider provider;
    private readonly FlowStore store;
    private readonly FlowJournal journal;
    private readonly RunningFlows running = new();
    private readonly Listener listener = new();
    private readonly List<string> log = [];

    public FlowEngineTests()
    {
        var services = new ServiceCollection();
        services.AddDbContextFactory<ImageBackupDbContext>(options => options.UseSqlite($"Data Source={Path.Combine(directory.Path, "test.db")};Pooling=False"));
        services.AddMetrics().AddSingleton(running).AddSingleton<FlowMetrics>();
        provider = services.BuildServiceProvider();
        store = new FlowStore(Contexts, TimeProvider.System);
        journal = new FlowJournal(Contexts, TimeProvider.System);
    }

    private IDbContextFactory<ImageBackupDbContext> Contexts => provider.GetRequiredService<IDbContextFactory<ImageBackupDbContext>>();

    public async ValueTask InitializeAsync()
    {
        await using var db = await Contexts.CreateDbContextAsync();
        await db.Database.EnsureCreatedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task The_failed_task_is_reverted_first_then_those_before_it_newest_first()
    {
        var outcome = await RunAsync(new Operation(log, new Steps("Only", ["one", "two", "three!", "four"])));

        Assert.False(outcome.Succeeded);
        Assert.Equal("three!", outcome.FailedTask!.Name);
        Assert.Equal(["+one", "+two", "+three!", "-three!", "-two", "-one"], log);
        Assert.Equal("Only REVERTED: one REVERTED, two REVERTED, three! REVERTED, four PENDING", await StatesAsync());
    }

    [Fact]
    public async Task A_task_that_cannot_be_reverted_fails_the_flow_and_the_other_tasks_are_reverted()
    {
        await RunAsync(new Operation(log, new Steps("Only", ["one", "two?", "three!"])));

        Assert.Equal(["+one", "+two?", "+three!", "-three!", "-two?", "-one"], log);
        Assert.Equal("Only FAILURE: one REVERTED, two? REVERT_FAILURE, three! REVERTED", await StatesAsync());
    }

    [Fact]
    public async Task A_finished_flow_that_keeps_its_results_is_not_reverted_with_a_later_one()
    {
        await RunAsync(new Operation(log, new Steps("First", ["one"], Stands: true), new Steps("Second", ["two", "three!"])));

        Assert.Equal(["+one", "+two", "+three!", "-three!", "-two"], log);
        Assert.Equal("First SUCCESS: one SUCCESS; Second REVERTED: two REVERTED, three! REVERTED", await StatesAsync());
    }

    [Fact]
    public async Task A_flow_that_stands_once_done_is_not_reverted_by_a_stop_from_before_a_restart()
    {
        Steps[] flows = [new("First", ["one"], Stands: true), new("Second", ["two"])];
        var operation = new Operation(log, flows);
        await EnqueueAsync(operation);
        using var stop = new CancellationTokenSource();
        operation.BeforeExecuting = (name, _) => name == "two" ? stop.CancelAsync() : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Engine().RunAsync(Book, operation, stop.Token));
        await using (var db = await Contexts.CreateDbContextAsync())
        {
            await db.LogBooks.ExecuteUpdateAsync(set => set.SetProperty(book => book.CancelReason, "Reset."));
        }

        log.Clear();
        var outcome = await Engine().RunAsync(Book, new Operation(log, flows), CancellationToken.None);

        Assert.Equal("Reset.", outcome.Reason);
        Assert.Equal(["-two"], log);
        Assert.Equal("First SUCCESS: one SUCCESS; Second REVERTED: two REVERTED", await StatesAsync());
    }

    [Fact]
    public async Task A_finished_flow_that_does_not_keep_its_results_is_reverted_with_a_later_one()
    {
        await RunAsync(new Operation(log, new Steps("First", ["one"]), new Steps("Second", ["two!"])));

        Assert.Equal(["+one", "+two!", "-two!", "-one"], log);
        Assert.Equal("First REVERTED: one REVERTED; Second REVERTED: two! REVERTED", await StatesAsync());
    }

    [Fact]
    public async Task A_task_that_succeeds_after_the_stop_is_reverted()
    {
        listener.RefusesSuccess = true;

        var outcome = await RunAsync(new Operation(log, new Steps("Only", ["one", "two"])));

        Assert.False(outcome.Succeeded);
        Assert.Equal(["+one", "+two", "-two", "-one"], log);
        Assert.StartsWith("Only REVERTED", await StatesAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_run_finishes_an_interrupted_reversal_and_repeats_no_task()
    {
        var operation = new Operation(log, new Steps("Only", ["one", "two", "three"]));
        await EnqueueAsync(operation);
        using var stop = new CancellationTokenSource();
        operation.BeforeExecuting = (name, _) => name == "three" ? stop.CancelAsync() : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Engine().RunAsync(Book, operation, stop.Token));
        await using (var db = await Contexts.CreateDbContextAsync())
        {
            await db.Tasks.Where(task => task.Name == "three").ExecuteUpdateAsync(set => set.SetProperty(task => task.State, TaskState.Reverting).SetProperty(task => task.Failure, "three: it broke."));
        }

        log.Clear();
        var outcome = await Engine().RunAsync(Book, new Operation(log, new Steps("Only", ["one", "two", "three"])), CancellationToken.None);

        Assert.Equal("three: it broke.", outcome.Reason);
        Assert.Equal(["-three", "-two", "-one"], log);
        Assert.StartsWith("Only REVERTED", await StatesAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_run_after_a_stop_of_the_host_resumes_at_the_first_unfinished_task()
    {
        var operation = new Operation(log, new Steps("Only", ["one", "two", "three"]));
        await EnqueueAsync(operation);
        using var stop = new CancellationTokenSource();
        operation.BeforeExecuting = (name, _) => name == "two" ? stop.CancelAsync() : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Engine().RunAsync(Book, operation, stop.Token));

        log.Clear();
        var outcome = await Engine().RunAsync(Book, new Operation(log, new Steps("Only", ["one", "two", "three"])), CancellationToken.None);

        Assert.True(outcome.Succeeded);
        Assert.Equal(["+two", "+three"], log);
    }

    [Fact]
    public async Task A_task_that_ends_the_process_each_time_fails_after_25_attempts()
    {
        var operation = new Operation(log, new Steps("Only", ["one", "two"]));
        await EnqueueAsync(operation);
        using var stop = new CancellationTokenSource();
        operation.BeforeExecuting = (name, _) => name == "two" ? stop.CancelAsync() : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Engine().RunAsync(Book, operation, stop.Token));
        await using (var db = await Contexts.CreateDbContextAsync())
        {
            await db.Tasks.Where(task => task.Name == "two").ExecuteUpdateAsync(set => set.SetProperty(task => task.Attempt, 25));
        }

        var outcome = await Engine().RunAsync(Book, new Operation(log, new Steps("Only", ["one", "two"])), CancellationToken.None);

        Assert.False(outcome.Succeeded);
        Assert.Equal("two: The task was started 25 times and never ended.", outcome.Reason);
    }

    [Fact]
    public async Task Chains_run_in_parallel_and_the_last_tasks_wait_for_all_of_them()
    {
        var operation = new Operation(log, TwoChains);
        using var both = new Barrier(2);
        operation.BeforeExecuting = (name, token) => name is "a1" or "b1" ? Task.Run(() => Assert.True(both.SignalAndWait(TimeSpan.FromSeconds(20))), token) : Task.CompletedTask;

        var outcome = await RunAsync(operation);

        Assert.True(outcome.Succeeded, outcome.Reason);
        Assert.Equal(["+a1", "+a2"], log.Where(line => line[1] == 'a'));
        Assert.Equal(["+b1", "+b2"], log.Where(line => line[1] == 'b'));
        Assert.Equal("+end", log[^1]);
        Assert.Equal("Only SUCCESS: a1 SUCCESS, a2 SUCCESS, b1 SUCCESS, b2 SUCCESS, end SUCCESS", await StatesAsync());
    }

    [Fact]
    public async Task With_one_chain_at_once_the_chains_run_in_order()
    {
        await RunAsync(new Operation(log, TwoChains with { AtOnce = 1 }));

        Assert.Equal(["+a1", "+a2", "+b1", "+b2", "+end"], log);
    }

    [Fact]
    public async Task A_failed_chain_stops_the_other_chains_and_its_reason_is_the_reason_of_the_reversal()
    {
        var operation = new Operation(log, TwoChains with { Chains = [["a1!", "a2"], ["b1", "b2"]] });
        var waiting = new TaskCompletionSource();
        operation.BeforeExecuting = (name, token) =>
        {
            if (name == "b1")
            {
                waiting.SetResult();
                return Task.Delay(Timeout.Infinite, token);
            }

            return waiting.Task;
        };

        var outcome = await RunAsync(operation);

        Assert.Equal("a1!", outcome.FailedTask!.Name);
        Assert.StartsWith("a1!: ", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(["+a1!", "-a1!", "-b1"], log.Order());
        Assert.Equal("Only REVERTED: a1! REVERTED, a2 PENDING, b1 REVERTED, b2 PENDING, end PENDING", await StatesAsync());
    }

    [Fact]
    public async Task Two_failed_chains_are_reported_with_the_task_and_reason_of_one_of_them()
    {
        var operation = new Operation(log, TwoChains with { Chains = [["a1", "a2"], ["b1", "b2"]] });
        using var both = new Barrier(2);
        operation.BeforeExecuting = (name, _) => Task.Run(
            () =>
            {
                both.SignalAndWait(TimeSpan.FromSeconds(20));
                throw new IOException($"the disk of {name}");
            },
            CancellationToken.None);

        var outcome = await RunAsync(operation);

        Assert.Contains($"the disk of {outcome.FailedTask!.Name}", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(["-a1", "-b1"], log.Order());
    }

    [Fact]
    public async Task Each_chain_resumes_at_its_first_unfinished_task_after_a_stop_of_the_host()
    {
        await StopWithinBothChainsAsync(TwoChains);

        var outcome = await Engine().RunAsync(Book, new Operation(log, TwoChains with { AtOnce = 1 }), CancellationToken.None);

        Assert.True(outcome.Succeeded, outcome.Reason);
        Assert.Equal(["+a2", "+b1", "+b2", "+end"], log);
    }

    [Fact]
    public async Task Resumed_chains_that_fail_are_reverted_from_their_beginning()
    {
        var steps = TwoChains with { AtOnce = 1, Chains = [["a1", "a2"], ["b1", "b2!"]] };
        await StopWithinBothChainsAsync(steps with { AtOnce = 2 });

        var outcome = await Engine().RunAsync(Book, new Operation(log, steps), CancellationToken.None);

        Assert.Equal("b2!", outcome.FailedTask!.Name);
        Assert.Equal(["-a1", "-a2", "-b1", "-b2!"], log.Where(line => line[0] == '-').Order());
        Assert.Equal("Only REVERTED: a1 REVERTED, a2 REVERTED, b1 REVERTED, b2! REVERTED, end PENDING", await StatesAsync());
    }

    [Fact]
    public async Task The_next_run_finishes_an_interrupted_reversal_of_chains()
    {
        await StopWithinBothChainsAsync(TwoChains);
        await using (var db = await Contexts.CreateDbContextAsync())
        {
            await db.Tasks.Where(task => task.Name == "b1").ExecuteUpdateAsync(set => set.SetProperty(task => task.State, TaskState.Reverting).SetProperty(task => task.Failure, "b1: it broke."));
            await db.Tasks.Where(task => task.Name == "a2").ExecuteUpdateAsync(set => set.SetProperty(task => task.State, TaskState.Reverting));
        }

        var outcome = await Engine().RunAsync(Book, new Operation(log, TwoChains), CancellationToken.None);

        Assert.Equal("b1: it broke.", outcome.Reason);
        Assert.Equal(["-b1", "-a2", "-a1"], log);
        Assert.Equal("Only REVERTED: a1 REVERTED, a2 REVERTED, b1 REVERTED, b2 PENDING, end PENDING", await StatesAsync());
    }

    /// <summary>Stops the host while the second task of the first chain and the first task of the second chain run.</summary>
    private async Task StopWithinBothChainsAsync(Steps steps)
    {
        var operation = new Operation(log, steps);
        await EnqueueAsync(operation);
        using var stop = new CancellationTokenSource();
        using var both = new Barrier(2, _ => stop.Cancel());
        operation.BeforeExecuting = (name, _) => name is "a2" or "b1" ? Task.Run(() => both.SignalAndWait(TimeSpan.FromSeconds(20)), CancellationToken.None) : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Engine().RunAsync(Book, operation, stop.Token));
        log.Clear();
    }

    private static Steps TwoChains => new("Only", ["end"]) { Chains = [["a1", "a2"], ["b1", "b2"]] };

    private FlowEngine Engine() => new(store, journal, listener, running, new FaultInjector(TimeProvider.System), provider.GetRequiredService<FlowMetrics>(), TimeProvider.System, NullLogger<FlowEngine>.Instance);

    private async Task<FlowOutcome> RunAsync(Operation operation)
    {
        await EnqueueAsync(operation);
        return await Engine().RunAsync(Book, operation, CancellationToken.None);
    }

    private async Task EnqueueAsync(Operation operation)
    {
        await using var db = await Contexts.CreateDbContextAsync();
        store.Enqueue(db, Book, "test", 1, "a-project", operation);
        await db.SaveChangesAsync();
    }

    private async Task<string> StatesAsync()
    {
        var book = store.Find(Book)!;
        return string.Join("; ", book.Flows.Select(flow => $"{flow.Name} {flow.State.ToWire()}: {string.Join(", ", flow.Tasks.Select(task => $"{task.Name} {task.State.ToWire()}"))}"));
    }

    private sealed record Steps(string Name, string[] Tasks, bool Stands = false)
    {
        public string[][] Chains { get; init; } = [];

        public int AtOnce { get; init; } = 2;
    }

    /// <summary>Tasks that log what happens to them. <c>!</c> fails, <c>?</c> cannot be reverted.</summary>
    private sealed class Operation(List<string> log, params Steps[] flows) : FlowOperation
    {
        public Func<string, CancellationToken, Task> BeforeExecuting { get; set; } = (_, _) => Task.CompletedTask;

        public override IReadOnlyList<Flow> Flows => [.. flows.Select(FlowOf)];

        public override string SaveState() => "{}";

        private Flow FlowOf(Steps steps) => new(steps.Name, 1, new FlowPhase(BackupStatus.CreatingBackup, BackupStatus.Error), () => Build(steps)) { StandsOnceDone = steps.Stands };

        private FlowTasks Build(Steps steps)
            => new(Make(steps.Tasks)) { Chains = [.. steps.Chains.Select(Make)], ChainsAtOnce = steps.AtOnce };

        private FlowTask[] Make(string[] names) => [.. names.Select(name => new Step(name, log, this))];
    }

    private sealed class Step(string name, List<string> log, Operation operation) : FlowTask
    {
        public override string Name => name;

        public override async Task<object?> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
        {
            await operation.BeforeExecuting(name, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            lock (log)
            {
                log.Add($"+{name}");
            }

            return name.EndsWith('!') ? throw new InvalidDataException("it broke") : null;
        }

        public override Task RevertAsync(CancellationToken cancellationToken)
        {
            log.Add($"-{name}");
            return name.EndsWith('?') ? throw new InvalidDataException("it stuck") : Task.CompletedTask;
        }
    }

    private sealed class Listener : IFlowListener
    {
        public bool RefusesSuccess { get; set; }

        public Task TaskStartingAsync(ImageBackupDbContext db, LogBookRecord book, FlowPhase phase, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<bool> FinishedAsync(ImageBackupDbContext db, LogBookRecord book, FlowOutcome outcome, CancellationToken cancellationToken)
            => Task.FromResult(!(outcome.Succeeded && RefusesSuccess));
    }
}
