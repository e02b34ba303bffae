using System.Globalization;

namespace Larder.Tests.Child;

/// <summary>Sets one key after the other in one session, and tells of each when it was acknowledged, until somebody kills it.</summary>
internal static class Visits
{
    public static int Run(Arguments arguments, Pipe pipe)
    {
        using Store store = Stores.Open(arguments);
        using SessionStorage sessions = store.Sessions(new SessionOptions { IdleTimeout = null, MaxKeysPerSession = int.MaxValue });
        for (int i = (int)arguments.Number("from"); ; i++)
        {
            sessions.Set("visitor", string.Create(CultureInfo.InvariantCulture, $"key {i}"), string.Create(CultureInfo.InvariantCulture, $"value {i}"));
            pipe.Tell(SignKind.Applied, number: i);
        }
    }
}
