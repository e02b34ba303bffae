using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Xunit;

namespace Larder.Tests.Issues;

/// <summary>The engine is known weakly, but the Meter of a store that was never disposed stays in the platform's list for ever.</summary>
public sealed class ForgottenStoresKeepTheirMeters
{
    [Fact]
    public void A_store_that_nobody_holds_leaves_no_instruments()
    {
        int before = Instruments();
        Forget();
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        int left = Instruments() - before;
        Assert.True(left < 2_000, $"{left} instruments are left of 1,000 forgotten stores");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget()
    {
        for (int i = 0; i < 1_000; i++)
        {
            _ = new Store();
        }
    }

    private static int Instruments()
    {
        int count = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) => count += instrument.Meter.Name == "Larder" ? 1 : 0;
        listener.Start();
        return count;
    }
}
