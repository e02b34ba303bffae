using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Larder.Tests.Child;

/// <summary>What the child tells its parent.</summary>
internal enum SignKind : byte
{
    /// <summary>It is about to open the store.</summary>
    Opening = 1,

    /// <summary>The store is open and at <see cref="Sign.Sequence"/>.</summary>
    Opened,

    /// <summary>A step was acknowledged.</summary>
    Applied,

    /// <summary>A flush was acknowledged, after the step <see cref="Sign.Number"/> of this writer.</summary>
    Flushed,

    /// <summary>A step, or opening, was refused.</summary>
    Refused,

    /// <summary>After a refusal, a read found what the writer had been told was there; <see cref="Sign.Number"/> is the number of entries.</summary>
    ReadOn,

    /// <summary>The parent asked whether it is there; everything that it had to say before has been said.</summary>
    Answer,

    /// <summary>A writer has done its last step.</summary>
    Done,

    /// <summary>The store was closed.</summary>
    Closed,
}

/// <summary>The refusals that tests tell apart.</summary>
internal enum Refusal : byte
{
    None,
    Poisoned,
    Damaged,
    InUse,
    DiskFull,
    ReadOnly,
    WrongKey,
    OutOfMemory,
    NoAccess,
    Input,
    Other,
}

/// <summary>
/// One message of the child, of one size and written in one piece, which a pipe takes whole: what was written before a kill arrives, and
/// nothing arrives in half.
/// </summary>
/// <param name="Kind">What happened.</param>
/// <param name="Writer">Which thread.</param>
/// <param name="Refusal">Why not.</param>
/// <param name="Reserved">Nothing.</param>
/// <param name="Error">What the operating system said.</param>
/// <param name="Number">The number of the step.</param>
/// <param name="Sequence">The sequence of the commit; 0 when the call does not say, or there was none.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct Sign(SignKind Kind, byte Writer, Refusal Refusal, byte Reserved, int Error, long Number, long Sequence)
{
    public static int Size => Unsafe.SizeOf<Sign>();

    public static Refusal RefusalOf(Exception error) => error switch
    {
        StorePoisonedException => Refusal.Poisoned,
        StoreDamagedException => Refusal.Damaged,
        StoreInUseException => Refusal.InUse,
        DiskFullException => Refusal.DiskFull,
        StoreReadOnlyException => Refusal.ReadOnly,
        StoreKeyException => Refusal.WrongKey,
        OutOfMemoryException => Refusal.OutOfMemory,
        UnauthorizedAccessException => Refusal.NoAccess,
        IOException => Refusal.Input,
        _ => Refusal.Other,
    };
}
