using System.Security.Cryptography;
using System.Text;

namespace Larder.NostrMls.Durability;

/// <summary>
/// Seals records that hold secrets before the store has them, by AES-256-GCM (NIST SP 800-38D) under a key of its own and a random nonce, bound to the key of the record. So the buffers of the store, its log and its
/// entries hold ciphertext, and plain secrets are only in buffers that are zeroed. Form: nonce (12), ciphertext, tag (16).
/// </summary>
internal sealed class Sealing : IDisposable
{
    internal const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly AesGcm _cipher;

    /// <param name="key">What keys are derived from, by HKDF with SHA-256 (RFC 5869).</param>
    internal Sealing(ReadOnlySpan<byte> key)
    {
        byte[] derived = Derive(key, "larder nostr-mls secrets");
        _cipher = new AesGcm(derived, TagSize);
        CryptographicOperations.ZeroMemory(derived);
    }

    internal static byte[] Derive(ReadOnlySpan<byte> key, string purpose)
    {
        byte[] derived = GC.AllocateArray<byte>(KeySize, pinned: true);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, salt: default, info: Encoding.ASCII.GetBytes(purpose));
        return derived;
    }

    internal byte[] Seal(string recordKey, ReadOnlySpan<byte> plain)
    {
        var sealedBytes = new byte[NonceSize + plain.Length + TagSize];
        Span<byte> nonce = sealedBytes.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        _cipher.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceSize, plain.Length), sealedBytes.AsSpan(NonceSize + plain.Length), Encoding.UTF8.GetBytes(recordKey));
        return sealedBytes;
    }

    /// <summary>The plain record; the caller disposes of it.</summary>
    /// <exception cref="MlsStoreException">Deserialization: it was not sealed under this key for this record.</exception>
    internal SecretBytes Open(string recordKey, ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < NonceSize + TagSize)
        {
            throw Codec.RecordReader.Broken();
        }

        var plain = new SecretBytes(sealedBytes.Length - NonceSize - TagSize);
        try
        {
            _cipher.Decrypt(sealedBytes[..NonceSize], sealedBytes[NonceSize..^TagSize], sealedBytes[^TagSize..], plain.Buffer, Encoding.UTF8.GetBytes(recordKey));
            return plain;
        }
        catch (CryptographicException)
        {
            plain.Dispose();
            throw Codec.RecordReader.Broken();
        }
    }

    public void Dispose() => _cipher.Dispose();
}
