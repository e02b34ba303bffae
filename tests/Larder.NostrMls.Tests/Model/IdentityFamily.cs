namespace Larder.NostrMls.Tests.Model;

/// <summary>One of the four families of MLS values that belong to no group.</summary>
internal sealed record IdentityFamily(string Name, Action<IMlsStorage, byte[], byte[]> Write, Func<IMlsStorage, byte[], SecretBytes?> Read, Action<IMlsStorage, byte[]> Delete)
{
    public static IReadOnlyList<IdentityFamily> All { get; } =
    [
        new("signature", (mls, key, value) => mls.WriteSignatureKeyPair(key, value), (mls, key) => mls.ReadSignatureKeyPair(key), (mls, key) => mls.DeleteSignatureKeyPair(key)),
        new("encryption", (mls, key, value) => mls.WriteEncryptionKeyPair(key, value), (mls, key) => mls.ReadEncryptionKeyPair(key), (mls, key) => mls.DeleteEncryptionKeyPair(key)),
        new("key package", (mls, key, value) => mls.WriteKeyPackage(key, value), (mls, key) => mls.ReadKeyPackage(key), (mls, key) => mls.DeleteKeyPackage(key)),
        new("psk", (mls, key, value) => mls.WritePsk(key, value), (mls, key) => mls.ReadPsk(key), (mls, key) => mls.DeletePsk(key)),
    ];
}
