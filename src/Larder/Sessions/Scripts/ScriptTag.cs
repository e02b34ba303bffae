namespace Larder.Sessions;

/// <summary>What comes next in an encoded value. The numbers are the format.</summary>
internal enum ScriptTag : byte
{
    Undefined = 0,
    Null = 1,
    False = 2,
    True = 3,
    Number = 4,
    BigInt = 5,
    Utf8 = 6,
    Utf16 = 7,
    Date = 8,
    RegExp = 9,
    Array = 10,
    Object = 11,
    Map = 12,
    Set = 13,
    Bytes = 14,
    Hole = 15,
    Reference = 16,
}
