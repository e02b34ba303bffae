using System.Diagnostics.CodeAnalysis;

namespace Larder.Tests.Child;

/// <summary>Opens a store and keeps it until the parent closes standard input.</summary>
internal static class Holder
{
    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, the parent is told.")]
    public static int Run(Arguments arguments, Pipe pipe)
    {
        try
        {
            pipe.Tell(SignKind.Opening);
            using Store store = Stores.Open(arguments);
            pipe.Tell(SignKind.Opened, number: store.Count(), sequence: store.Statistics.LastSequence);
            if (arguments.Has("stay"))
            {
                Console.OpenStandardInput().ReadByte();
            }
        }
        catch (Exception error)
        {
            pipe.Refuse(error);
            return 1;
        }

        pipe.Tell(SignKind.Closed);
        return 0;
    }
}
