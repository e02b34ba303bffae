using System.Globalization;
using Larder.Comparisons.Measuring;

namespace Larder.Comparisons.Cases;

/// <summary>One read and one write of a session: with 1,024 keys in it, with one, and beside them an entry of a store without any session.</summary>
internal static class SessionCases
{
    private const int Keys = 1_024;
    private const int MostEntries = 65_536;

    private static readonly SessionOptions _options = new() { SweepInterval = Timeout.InfiniteTimeSpan };

    public static void Measure(Run run)
    {
        int entries = Math.Min(MostEntries, run.Effort.Large);
        using var many = new Visitors(entries, Keys);
        using var single = new Visitors(entries, 1);
        int operations = run.Effort.Operations;
        Compare(Work.SessionGet, visitors => visitors.Get, visitors => visitors.GetPlain);
        Compare(Work.SessionSet, visitors => visitors.Set, visitors => visitors.SetPlain);

        void Compare(Work work, Func<Visitors, Share> sessions, Func<Visitors, Share> plain) => run.Measure(
            work,
            entries,
            1,
            [
                Contender.Fixed("Larder", operations, 1, sessions(many)),
                Contender.Fixed("sessions of one key", operations, 1, sessions(single)),
                Contender.Fixed("an entry of the store, typed", operations, 1, plain(many)),
            ]);
    }

    /// <summary>So many entries in sessions of so many keys, and as many outside of any.</summary>
    private sealed class Visitors : IDisposable
    {
        private const string Value = "[1,2,3]";

        private readonly Store _store = new();
        private readonly SessionStorage _sessions;
        private readonly (string Id, string Key, string Plain)[] _order;

        public Visitors(int entries, int keys)
        {
            _sessions = _store.Sessions(_options);
            var all = new (string Id, string Key, string Plain)[entries];
            string id = "";
            for (int i = 0; i < entries; i++)
            {
                id = i % keys == 0 ? _sessions.Create() : id;
                all[i] = (id, string.Create(CultureInfo.InvariantCulture, $"key {i % keys}"), string.Create(CultureInfo.InvariantCulture, $"plain:{i}"));
                _sessions.Set(id, all[i].Key, Value);
                _store.Set(all[i].Plain, Value);
            }

            new Random(7).Shuffle(all);
            _order = all;
        }

        public void Get(int thread, int from, int to)
        {
            long found = 0;
            for (int i = from; i < to; i++)
            {
                (string id, string key, _) = _order[i % _order.Length];
                found += _sessions.Get(id, key)!.Length;
            }

            Sink.Take(found);
        }

        public void Set(int thread, int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                (string id, string key, _) = _order[i % _order.Length];
                _sessions.Set(id, key, Value);
            }
        }

        public void GetPlain(int thread, int from, int to)
        {
            long found = 0;
            for (int i = from; i < to; i++)
            {
                found += _store.TryGet(_order[i % _order.Length].Plain, out string? value) ? value!.Length : 0;
            }

            Sink.Take(found);
        }

        public void SetPlain(int thread, int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                _store.Set(_order[i % _order.Length].Plain, Value);
            }
        }

        public void Dispose()
        {
            _sessions.Dispose();
            _store.Dispose();
        }
    }
}
