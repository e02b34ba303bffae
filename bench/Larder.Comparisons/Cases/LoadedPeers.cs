using Larder.Comparisons.Measuring;
using Larder.Comparisons.Peers;

namespace Larder.Comparisons.Cases;

/// <summary>All peers with the same entries in them, and what the measured loops look up.</summary>
internal sealed class LoadedPeers : IDisposable
{
    public LoadedPeers(Run run, int entries)
    {
        Entries = entries;
        Keys = Inputs.Keys.Range(0, entries);
        Lookups = Inputs.Keys.Lookups(Keys, run.Effort.Operations, seed: 7);
        Run.Progress($"loading {Reporting.Text.Count(entries)} entries");
        foreach (PeerKind kind in run.Peers.Where(k => k.HoldsValues))
        {
            Peer peer = kind.Create(entries);
            peer.Set(0, Keys, Values, 0, entries);
            All.Add((kind, peer));
        }
    }

    public int Entries { get; }

    public string[] Keys { get; }

    public string[] Lookups { get; }

    public byte[][] Values { get; } = Inputs.Values.Make();

    public List<(PeerKind Kind, Peer Peer)> All { get; } = [];

    public void Dispose()
    {
        foreach ((_, Peer peer) in All)
        {
            peer.Dispose();
        }
    }
}
