namespace Larder.Sessions;

/// <summary>Primitives of scripts that have no value in .NET.</summary>
internal enum ScriptMark
{
    Undefined,
    Null,
    Hole,
}
