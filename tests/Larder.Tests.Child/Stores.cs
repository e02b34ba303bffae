namespace Larder.Tests.Child;

/// <summary>Opens the store that the arguments describe; <c>tiny</c>: with sizes at which everything happens all the time.</summary>
internal static class Stores
{
    public static Store Open(Arguments arguments) => arguments.Has("tiny") ? TinyStore.Open(arguments.Options()) : Store.Open(arguments.Options());
}
