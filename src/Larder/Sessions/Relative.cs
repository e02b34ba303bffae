namespace Larder.Sessions;

/// <summary>Gives an item of a scan or a watch its relative key; false when it has none and so does not belong to the scope.</summary>
internal delegate bool Relative<T>(in T item, out T relative);
