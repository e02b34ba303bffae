#:project ../src/Larder/Larder.csproj

// Sessions with a sliding end: every visit prolongs them, and who stays away is forgotten, with everything that was kept for him. The clock
// is the sample's own, so that half an hour passes in a moment; leave the options out and it is the system's.
// Run it with: dotnet run samples/sessions.cs

using Larder;

var clock = new Clock();
using var store = new Store(new StoreOptions { TimeProvider = clock });
using SessionStorage sessions = store.Sessions(new SessionOptions
{
    IdleTimeout = TimeSpan.FromMinutes(20),
    Strict = true, // an id that comes from a browser never begins a session
    TimeProvider = clock,
});

string alice = SignIn("alice");
string bob = SignIn("bob");

clock.Pass(TimeSpan.FromMinutes(15));
Console.WriteLine($"after 15 minutes alice is {Visit(alice)}"); // prolonged by this visit

clock.Pass(TimeSpan.FromMinutes(15));
Console.WriteLine($"after 30 minutes alice is {Visit(alice)}");
Console.WriteLine($"after 30 minutes bob is {Visit(bob)}");
Console.WriteLine($"swept: {sessions.Sweep()}"); // happens by itself every minute

string before = alice;
alice = sessions.Rotate(alice); // alice becomes an administrator: whoever learned her id before has nothing of it
Console.WriteLine($"under the new id she is {Visit(alice)}, under the old one {Visit(before)}");

sessions.End(alice);
Console.WriteLine($"signed out, alice is {Visit(alice)}");

string SignIn(string name)
{
    string id = sessions.Create();
    sessions.Set(id, "name", name);
    return id;
}

string Visit(string id) => sessions.Get(id, "name") is { } name ? $"{name}, known" : "unknown";

internal sealed class Clock : TimeProvider
{
    private long _ticks = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new(GetTimestamp(), TimeSpan.Zero);

    public void Pass(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}
