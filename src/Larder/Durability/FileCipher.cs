using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Larder.Durability;

/// <summary>
/// Encrypts and decrypts the records of one file: AES-256-GCM under a key of the file's own, derived from the caller's key by HKDF-SHA-256 with the
/// file's salt, the store id and the file number. The nonce is the kind and the sequence of the record, which together
/// occur once in a file; length, sequence, kind, flags and hint are authenticated. Not safe for use by two threads at once.
/// </summary>
internal sealed class FileCipher : IDisposable
{
    private const int NonceSize = 12;

    private readonly AesGcm _aes;

    internal FileCipher(ReadOnlySpan<byte> masterKey, FileHeader header)
    {
        Span<byte> info = stackalloc byte[31];
        "larder:"u8.CopyTo(info);
        header.StoreId.TryWriteBytes(info[7..]);
        BinaryPrimitives.WriteInt64LittleEndian(info[23..], header.Number);
        Span<byte> salt = stackalloc byte[9];
        BinaryPrimitives.WriteUInt64LittleEndian(salt, header.Salt);
        salt[8] = (byte)header.Kind;
        Span<byte> key = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey, key, salt, info);
        _aes = new AesGcm(key, Frame.TagSize);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Encrypts the payload of a record in place; its last 16 bytes are the room for the tag.</summary>
    internal void Encrypt(Span<byte> frame)
    {
        Span<byte> content = frame[Frame.HeaderSize..^Frame.TagSize];
        Span<byte> nonce = stackalloc byte[NonceSize];
        Span<byte> associated = stackalloc byte[20];
        Bind(frame, nonce, associated);
        _aes.Encrypt(nonce, content, content, frame[^Frame.TagSize..], associated);
    }

    /// <summary>Decrypts the payload of a record in place. False when the key is another one, or the record was made up.</summary>
    internal bool TryDecrypt(Span<byte> frame)
    {
        if (frame.Length < Frame.HeaderSize + Frame.TagSize)
        {
            return false;
        }

        Span<byte> content = frame[Frame.HeaderSize..^Frame.TagSize];
        Span<byte> nonce = stackalloc byte[NonceSize];
        Span<byte> associated = stackalloc byte[20];
        Bind(frame, nonce, associated);
        try
        {
            _aes.Decrypt(nonce, content, frame[^Frame.TagSize..], content, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => _aes.Dispose();

    private static void Bind(ReadOnlySpan<byte> frame, Span<byte> nonce, Span<byte> associated)
    {
        nonce[..4].Clear();
        nonce[0] = (byte)Frame.KindOf(frame);
        frame.Slice(8, 8).CopyTo(nonce[4..]);
        frame[..4].CopyTo(associated);
        frame.Slice(8, 16).CopyTo(associated[4..]);
    }
}
