using Xunit;

namespace Larder.Tests.Issues;

/// <summary>A read that passed the check of a closed store before Dispose and looks after it says "absent" for a key that was never removed.Rare: 2 in 9,000 readers.</summary>
public sealed class ReadDuringDisposeFindsNothing
{
    [Fact]
    public void It_finds_the_entry_or_is_refused()
    {
        int wrong = 0;
        for (int round = 0; round < 300; round++)
        {
            var store = new Store();
            store.Set("k", "v"u8);
            int ready = 0;
            var readers = new Thread[3];
            for (int i = 0; i < readers.Length; i++)
            {
                readers[i] = new Thread(() =>
                {
                    Interlocked.Increment(ref ready);
                    try
                    {
                        while (true)
                        {
                            if (!store.TryGet("k"u8, out _))
                            {
                                Interlocked.Increment(ref wrong);
                            }
                        }
                    }
                    catch (ObjectDisposedException)
                    {
                    }
                });
                readers[i].Start();
            }

            SpinWait.SpinUntil(() => Volatile.Read(ref ready) == readers.Length);
            store.Dispose();
            foreach (Thread reader in readers)
            {
                reader.Join();
            }
        }

        Assert.Equal(0, wrong);
    }
}
