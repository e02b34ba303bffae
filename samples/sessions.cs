#:project ../src/Larder/Larder.csproj

// Sessions with a sliding end: every visit prolongs them, and who stays away is forgotten. The clock is the sample's own, so that
// half an hour passes in a moment; leave the option out and it is the system's. Run it with: dotnet run samples/sessions.cs

using System.Security.Cryptography;
using Larder;

TimeSpan lifetime = TimeSpan.FromMinutes(20);
var clock = new Clock();
using var store = new Store(new StoreOptions { TimeProvider = clock });
using IStore sessions = store.Scope("session:");

string alice = SignIn("alice");
string bob = SignIn("bob");

clock.Pass(TimeSpan.FromMinutes(15));
Console.WriteLine($"after 15 minutes alice is {Visit(alice)}"); // prolonged by this visit

clock.Pass(TimeSpan.FromMinutes(15));
Console.WriteLine($"after 30 minutes alice is {Visit(alice)}");
Console.WriteLine($"after 30 minutes bob is {Visit(bob)}");
Console.WriteLine($"sessions: {sessions.Count()}");

sessions.Remove(alice); // signs out
Console.WriteLine($"signed out, alice is {Visit(alice)}");

string SignIn(string name)
{
    string id = RandomNumberGenerator.GetHexString(32);
    sessions.Set(id, new Session(name, clock.GetUtcNow()), lifetime);
    return id;
}

string Visit(string id)
{
    // Touch gives the new deadline and says whether the session was still there, in one step.
    return sessions.Touch(id, lifetime) && sessions.TryGet(id, out Session? session) ? $"{session!.Name}, known" : "unknown";
}

internal sealed record Session(string Name, DateTimeOffset Since);

internal sealed class Clock : TimeProvider
{
    private long _ticks = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new(GetTimestamp(), TimeSpan.Zero);

    public void Pass(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}
