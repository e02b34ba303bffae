using System.Runtime.InteropServices;

namespace Larder.Tests.Child;

/// <summary>The way to the parent: standard output.</summary>
internal sealed class Pipe
{
    private readonly Stream _output = Console.OpenStandardOutput();

    public void Tell(SignKind kind, int writer = 0, long number = 0, long sequence = 0)
    {
        var sign = new Sign(kind, (byte)writer, Refusal.None, 0, 0, number, sequence);
        _output.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<Sign>(in sign)));
    }

    /// <summary>A refusal, in full on the standard error.</summary>
    public void Refuse(Exception error, int writer = 0, long number = 0)
    {
        var poisoned = error as StorePoisonedException;
        var sign = new Sign(
            SignKind.Refused, (byte)writer, Sign.RefusalOf(error), 0, poisoned?.ErrorNumber ?? 0, number, poisoned?.LastDurableSequence ?? 0);
        _output.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<Sign>(in sign)));
        try
        {
            Console.Error.WriteLine($"writer {writer}, step {number}: {error.GetType().Name}: {error.Message}");
        }
        catch (OutOfMemoryException)
        {
            // There is none left for words.
        }
    }
}
