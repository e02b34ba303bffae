using System.Globalization;
using Larder.NostrMls;
using Larder.NostrMls.Tests.Child;

// Arguments: the first canary's number, and a directory for a store that is durable. Says one word for each stage, and goes on when a line comes.
long first = long.Parse(args[0], CultureInfo.InvariantCulture);
byte[] key = new Canary(first - 1).ToArray();
MlsStoreOptions options = SecretLife.Options(cacheSize: 1_000);
using (NostrMlsStore store = args.Length > 1 ? NostrMlsStore.Open(args[1], key, options) : new NostrMlsStore(options))
{
    for (int i = 0; i < SecretLife.All.Count; i++)
    {
        SecretLife.All[i].Begin(store, new Canary(first + i));
    }

    new Canary(first + SecretLife.All.Count).Give(secret => store.Mls.WritePsk("kept until the end"u8, secret));
    Stage("held");
    foreach (SecretLife life in SecretLife.All)
    {
        life.End(store);
    }

    Stage("ended");
}

Stage("closed");

static void Stage(string name)
{
    Console.WriteLine(name);
    Console.ReadLine();
}
