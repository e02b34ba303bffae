namespace Larder.Tests.Child;

/// <summary>Opens the store that the arguments describe.</summary>
internal static class Stores
{
    public static Store Open(Arguments arguments) => Store.Open(arguments.Options());
}
