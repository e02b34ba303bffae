using System.Diagnostics.CodeAnalysis;

namespace Larder.Tests.Child;

/// <summary>The ways in which a process that has a store open can end by its own doing.</summary>
internal static class Ending
{
    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, the parent is told.")]
    public static int Come(string how, Store store, Pipe pipe)
    {
        switch (how)
        {
            case "exit":
                Environment.Exit(3);
                break;
            case "failfast":
                Environment.FailFast("as asked");
                break;
            case "overflow":
                return Overflow(0);
            case "stay":
                Console.OpenStandardInput().ReadByte();
                Environment.Exit(3);
                break;
        }

        try
        {
            store.Dispose();
            pipe.Tell(SignKind.Closed);
            return 0;
        }
        catch (Exception error)
        {
            pipe.Refuse(error);
            return 1;
        }
    }

    private static int Overflow(int depth) => depth < 0 ? depth : Overflow(depth + 1) + 1;
}
