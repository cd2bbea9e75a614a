using ImageBackup.Ova.Blocks;

namespace ImageBackup.Ova.Tests.Blocks;

public sealed class BlockPipelineTests
{
    [Fact]
    public async Task No_block_is_taken_after_a_take_failed()
    {
        for (var run = 0; run < 100; run++)
        {
            var work = new FailingWork();

            await Assert.ThrowsAsync<InvalidDataException>(
                () => BlockPipeline.RunAsync(work, new DataPathOptions { Workers = 4 }, TestContext.Current.CancellationToken));

            Assert.Equal(1, work.Taken);
        }
    }

    /// <summary>Work whose first block cannot be read.</summary>
    private sealed class FailingWork : IBlockWork
    {
        public int Taken { get; private set; }

        public async ValueTask<bool> TakeAsync(BlockSlot slot, CancellationToken cancellationToken)
        {
            Taken++;
            await Task.Yield();
            throw new InvalidDataException($"take {Taken}");
        }

        public void Process(BlockSlot slot, int worker) => throw new InvalidOperationException("nothing was taken");

        public void Read(BlockSlot slot) => throw new InvalidOperationException("nothing was taken");

        public void Write(BlockSlot slot) => throw new InvalidOperationException("nothing was taken");

        public ValueTask CommitAsync(BlockSlot slot, CancellationToken cancellationToken) => throw new InvalidOperationException("nothing was taken");
    }
}
