using System.Globalization;
using System.Text;
using Larder.NostrMls.State;
using Larder.NostrMls.Tests.Contract;

namespace Larder.NostrMls.Tests.Model;

/// <summary>A group of the model.</summary>
internal sealed class SimpleGroup
{
    internal Group Record { get; set; } = null!;

    internal List<RelayUrl> Relays { get; set; } = [];

    internal Dictionary<(ExporterLabel Label, ulong Epoch), byte[]> Secrets { get; private set; } = [];

    internal List<Message> Messages { get; private init; } = [];

    internal List<(string Name, ulong At, SimpleGroup Set, SimpleMls? Mls)> Snapshots { get; private init; } = [];

    internal long Used { get; set; }

    internal SimpleGroup Copy() => new() { Record = Record with { }, Relays = [.. Relays], Secrets = new(Secrets), Messages = [.. Messages], Snapshots = [.. Snapshots], Used = Used };

    /// <summary>What a snapshot keeps.</summary>
    internal SimpleGroup Set() => new() { Record = Record with { }, Relays = [.. Relays], Secrets = new(Secrets) };

    internal void Restore(SimpleGroup set)
    {
        Record = set.Record with { };
        Relays = [.. set.Relays];
        Secrets = new(set.Secrets);
    }

    internal void Append(StringBuilder text, string indent)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"{indent}{ItemFamily.GroupRecord} 0 0 : {Dump.Of(Record)}");
        if (Relays.Count > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{indent}{ItemFamily.Relays} 0 0 : {string.Join(',', Relays.Order())}");
        }

        foreach (((ExporterLabel label, ulong epoch), byte[] secret) in Secrets.OrderBy(entry => entry.Key))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{indent}{ItemFamily.ExporterSecret} {(int)label} {epoch} : {Convert.ToHexStringLower(secret)}");
        }
    }
}

/// <summary>The MLS values of a group of the model.</summary>
internal sealed class SimpleMls
{
    internal Dictionary<MlsGroupDataKind, byte[]> Data { get; private init; } = [];

    internal List<byte[]> LeafNodes { get; private init; } = [];

    internal List<(byte Reference, byte[] Body)> Proposals { get; private init; } = [];

    internal Dictionary<(byte Epoch, uint Leaf), byte[][]> KeyPairs { get; private init; } = [];

    internal bool IsEmpty => Data.Count + LeafNodes.Count + Proposals.Count + KeyPairs.Count == 0;

    internal SimpleMls Copy() => new() { Data = new(Data), LeafNodes = [.. LeafNodes], Proposals = [.. Proposals], KeyPairs = new(KeyPairs) };

    internal void Clear()
    {
        Data.Clear();
        LeafNodes.Clear();
        Proposals.Clear();
        KeyPairs.Clear();
    }

    internal void Queue(byte reference, byte[] body)
    {
        int at = Proposals.FindIndex(proposal => proposal.Reference == reference);
        if (at < 0)
        {
            Proposals.Add((reference, body));
        }
        else
        {
            Proposals[at] = (reference, body);
        }
    }

    internal void Append(StringBuilder text, string indent)
    {
        foreach ((MlsGroupDataKind kind, byte[] value) in Data.OrderBy(entry => entry.Key))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{indent}{ItemFamily.GroupData} {(int)kind} 0 : {Convert.ToHexStringLower(value)}");
        }

        foreach (byte[] node in LeafNodes)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{indent}{ItemFamily.OwnLeafNode} : {Convert.ToHexStringLower(node)}");
        }

        foreach ((byte reference, byte[] body) in Proposals)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{indent}{ItemFamily.Proposal} 0 0 {reference:x2}: {Convert.ToHexStringLower(body)}");
        }

        foreach (((byte epoch, uint leaf), byte[][] pairs) in KeyPairs.OrderBy(entry => (entry.Key.Leaf, entry.Key.Epoch)))
        {
            string packed = string.Concat(pairs.Select(pair => $"{pair.Length:x2}{Convert.ToHexStringLower(pair)}"));
            text.AppendLine(CultureInfo.InvariantCulture, $"{indent}{ItemFamily.EpochKeyPairs} {leaf} 0 {epoch:x2}: {pairs.Length:x2}{packed}");
        }
    }
}
