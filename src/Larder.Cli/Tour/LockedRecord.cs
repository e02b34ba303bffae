using Spectre.Console;

namespace Larder.Cli.Tour;

/// <summary>Eight threads read a record, change it and write it back: with a lock on its key, and without one.</summary>
internal sealed class LockedRecord() : Chapter("keyedLock", "Locking: read, change, write back, under a lock on the key")
{
    private const int Threads = 8;
    private const int EachSigns = 1_000;

    private int _signedWithLock;
    private int _signedWithout;
    private long _locksLeft;

    public override object Figures => new
    {
        threads = Threads,
        changesEach = EachSigns,
        keptWithLock = _signedWithLock,
        keptWithout = _signedWithout,
        lostWithout = (Threads * EachSigns) - _signedWithout,
        locksLeft = _locksLeft,
    };

    public override void Draw(IAnsiConsole canvas)
    {
        canvas.WriteLine($"{Threads} threads × {Bars.Number(EachSigns)} changes: {Bars.Number(_signedWithLock)} kept with the lock.");
        canvas.WriteLine($"The same without the lock, to see what it is for: {Bars.Number(_signedWithout)} kept, {Bars.Number((Threads * EachSigns) - _signedWithout)} overwritten by somebody else.");
    }

    protected override void Play(WebTrace trace)
    {
        using var store = new Store();
        int inside = 0;
        int together = 0;
        Crowd.Run(Threads, thread =>
        {
            for (int i = 0; i < EachSigns; i++)
            {
                using KeyLock held = store.Lock("guestbook");
                if (Interlocked.Increment(ref inside) > 1)
                {
                    Interlocked.Increment(ref together);
                }

                Sign(store, "guestbook", thread);
                Interlocked.Decrement(ref inside);
            }
        });
        Crowd.Run(Threads, thread =>
        {
            for (int i = 0; i < EachSigns; i++)
            {
                Sign(store, "unlocked", thread);
            }
        });

        _signedWithLock = store.TryGet("guestbook", out GuestBook? book) ? book!.Entries : 0;
        _signedWithout = store.TryGet("unlocked", out GuestBook? unlocked) ? unlocked!.Entries : 0;
        _locksLeft = store.Statistics.Locks;
        Claim("under the lock every change is kept", _signedWithLock == Threads * EachSigns);
        Claim("there were never two holders at once", together == 0);
        Claim("nothing is kept of a lock that nobody holds", _locksLeft == 0);
    }

    private static void Sign(Store store, string key, int thread)
    {
        GuestBook book = store.TryGet(key, out GuestBook? present) ? present! : new GuestBook(0, 0);
        store.Set(key, new GuestBook(book.Entries + 1, thread));
    }

    private sealed record GuestBook(int Entries, int LastThread);
}
