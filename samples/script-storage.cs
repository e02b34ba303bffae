#:project ../src/Larder/Larder.csproj

// What server scripts know as local storage and session storage. Run it with: dotnet run samples/script-storage.cs

using Larder;

await using var store = new Store(); // in memory; Store.Open("data") keeps everything

LocalStorage local = store.LocalStorage();
local.Set("theme", "dark");
local.Set("language", "en");
Console.WriteLine(local.Get("theme") ?? "(none)");
foreach (string key in local.Keys())
{
    Console.WriteLine(key);
}

local.Remove("theme");
Console.WriteLine(local.Get("theme") ?? "(none)");
local.Clear();
Console.WriteLine($"keys after clearing: {local.Keys().Count}");

// Structured values keep their meaning, cycles included.
var settings = new ScriptObject { Properties = { ["tags"] = new ScriptSet("a", "b"), ["ratio"] = double.NaN } };
settings.Properties["self"] = settings;
local.SetObject("settings", settings);
var restored = (ScriptObject)local.GetObject("settings")!;
Console.WriteLine($"ratio is {restored.Properties["ratio"]}, the cycle is whole: {restored.Properties["self"] == restored}");

await using SessionStorage sessions = store.Sessions(new SessionOptions { IdleTimeout = TimeSpan.FromMinutes(20) });
string id = sessions.Create();
sessions.Set(id, "cart", "[1,2,3]");
string? cart = sessions.Get(id, "cart");
Console.WriteLine($"cart: {cart}");

sessions.Set("a", "b:c", "one");
sessions.Set("a:b", "c", "another");
Console.WriteLine($"a pair is a pair: {sessions.Get("a", "b:c")}, {sessions.Get("a:b", "c")}");

string old = id;
id = sessions.Rotate(id);
Console.WriteLine($"rotated: cart is {sessions.Get(id, "cart")}, under the old id it is {sessions.Get(old, "cart") ?? "(none)"}");

sessions.Delete(id, "cart");
Console.WriteLine($"deleted: {sessions.Get(id, "cart") ?? "(none)"}");
sessions.Set(id, "user", "john");
Console.WriteLine($"cleared: {sessions.Clear(id)}");
