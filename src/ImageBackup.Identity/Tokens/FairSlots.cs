namespace ImageBackup.Identity.Tokens;

/// <summary>A few slots for expensive work. The networks that wait take turns, so that many requests of one network do not delay another network.</summary>
internal sealed class FairSlots(int slots, int maxWaiting)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedList<TaskCompletionSource>> _waiting = [];
    private readonly Queue<string> _turns = new();
    private int _free = slots;

    /// <summary>Waits for a slot. The caller must call <see cref="Leave"/> afterwards.</summary>
    /// <returns>False if <paramref name="network"/> already has the allowed number of waiting requests. No slot is taken then.</returns>
    public async Task<bool> TryEnterAsync(string network, CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource> turn;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return true;
            }

            if (!_waiting.TryGetValue(network, out var queue))
            {
                _waiting.Add(network, queue = new LinkedList<TaskCompletionSource>());
                _turns.Enqueue(network);
            }

            if (queue.Count >= maxWaiting)
            {
                return false;
            }

            turn = queue.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        await using var canceled = cancellationToken.Register(() => Cancel(turn, cancellationToken));
        await turn.Value.Task;
        return true;
    }

    /// <summary>Gives the slot to the next network that waits.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            while (_turns.TryDequeue(out var network))
            {
                var queue = _waiting[network];
                var next = queue.First;
                if (next is null)
                {
                    _waiting.Remove(network);
                    continue;
                }

                queue.RemoveFirst();
                _turns.Enqueue(network);
                next.Value.SetResult();
                return;
            }

            _free++;
        }
    }

    private void Cancel(LinkedListNode<TaskCompletionSource> turn, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Null: the slot was given already.
            if (turn.List is { } queue)
            {
                queue.Remove(turn);
                turn.Value.SetCanceled(cancellationToken);
            }
        }
    }
}
