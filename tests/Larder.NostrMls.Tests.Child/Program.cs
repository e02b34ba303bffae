using System.Security.Cryptography;
using System.Text;
using Larder.NostrMls;
using Larder.NostrMls.Tests.Child;

// Puts canaries into a store, then ends the life of nearly all of them, each in another way, then closes the store. Says what it has done and waits for a line before it
// goes on, so that somebody can look into its memory. With a directory as its argument the store is there, otherwise in memory.
List<SecretBytes> given = [];
byte[] canary = GC.AllocateArray<byte>(Canary.Size, pinned: true);
var options = new MlsStoreOptions { CacheSize = 2 };
using NostrMlsStore store = args.Length == 0 ? new NostrMlsStore(options) : NostrMlsStore.Open(args[0], new byte[32], options);

store.SaveGroup(NewGroup(1, GroupState.Active, Canary.Kept));
store.SaveGroup(NewGroup(2, GroupState.Inactive, Canary.Evicted));
Save(Canary.Replaced, epoch: 1);
Save(Canary.Pruned, epoch: 0);
Write(MlsGroupDataKind.MessageSecrets, Canary.Deleted);
Write(MlsGroupDataKind.Tree, Canary.Released);
store.CreateSnapshot(Id(1), "released");
store.Mls.DeleteGroupData(Id(1), MlsGroupDataKind.Tree);
store.CreateSnapshot(Id(1), "rolled back");
Write(MlsGroupDataKind.GroupEpochSecrets, Canary.RolledBack);
store.SaveWelcome(NewWelcome(Canary.WelcomeReplaced));
using (Group read = store.FindGroup(Id(1))!)
using (ExporterSecret secret = store.GetExporterSecret(Id(1), 1, ExporterLabel.GroupEvent)!)
using (SecretBytes value = store.Mls.ReadGroupData(Id(1), MlsGroupDataKind.MessageSecrets)!)
{
    Say($"written, read {read.ImageKey!.Length + secret.Secret.Length + value.Length} bytes");
}

store.RollbackToSnapshot(Id(1), "rolled back");
Save(0, epoch: 1);
store.PruneExporterSecrets(Id(1), 1);
store.Mls.DeleteGroupData(Id(1), MlsGroupDataKind.MessageSecrets);
store.ReleaseSnapshot(Id(1), "released");
store.SaveWelcome(NewWelcome(0));
store.SaveGroup(NewGroup(3, GroupState.Inactive, Canary.DeletedWithItsGroup));   // evicts the second
store.DeleteGroup(Id(3));
Say("ended");

store.Dispose();
Say("closed");

static MlsGroupId Id(int number) => new(Encoding.ASCII.GetBytes($"group {number}"));

static byte[] Fixed(int number)
{
    var bytes = new byte[32];
    bytes[0] = (byte)number;
    return bytes;
}

void Say(string what)
{
    given.ForEach(secret => secret.Dispose());
    Console.WriteLine(what);
    Console.ReadLine();
}

SecretBytes Secret(int number)
{
    Canary.Fill(canary, number);
    var secret = new SecretBytes(canary);
    CryptographicOperations.ZeroMemory(canary);
    return secret;
}

Group NewGroup(int number, GroupState state, int secret) => new()
{
    MlsGroupId = Id(number),
    NostrGroupId = new NostrGroupId(Fixed(number)),
    Name = "a group",
    State = state,
    ImageKey = Use(Secret(secret)),
};

Welcome NewWelcome(int secret) => new()
{
    Id = new EventId(Fixed(1)),
    Event = new UnsignedEvent { PubKey = new PublicKey(Fixed(1)), CreatedAt = default, Kind = 444, Tags = Tags.Empty, Content = "" },
    MlsGroupId = Id(9),
    NostrGroupId = new NostrGroupId(Fixed(9)),
    GroupName = "another",
    Welcomer = new PublicKey(Fixed(1)),
    WrapperEventId = new EventId(Fixed(1)),
    GroupImageKey = Use(Secret(secret)),
};

void Save(int number, ulong epoch)
{
    using SecretBytes secret = Secret(number);
    store.SaveExporterSecret(new ExporterSecret { MlsGroupId = Id(1), Epoch = epoch, Label = ExporterLabel.GroupEvent, Secret = secret });
}

void Write(MlsGroupDataKind kind, int number)
{
    using SecretBytes secret = Secret(number);
    store.Mls.WriteGroupData(Id(1), kind, secret.Span);
}

// What was given to the store is disposed of before anybody looks; kept in a list, because a call must have taken place first.
SecretBytes Use(SecretBytes secret)
{
    given.Add(secret);
    return secret;
}
