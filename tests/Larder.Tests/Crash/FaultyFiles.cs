using Larder.Durability;

namespace Larder.Tests.Crash;

/// <summary>A directory whose disk fails as planned.</summary>
internal sealed class FaultyFiles(IFiles inner, FaultPlan plan) : ForwardingFiles(inner)
{
    public override IFile Own() => new FaultyFile(Unless(FileCall.Own, SimulatedDisk.LockFile, Inner).Own(), SimulatedDisk.LockFile, plan);

    public override IReadOnlyList<string> List() => Unless(FileCall.List, Path, Inner).List();

    public override IFile Create(string name) => new FaultyFile(Unless(FileCall.Create, name, Inner).Create(name), name, plan);

    public override IFile Open(string name, bool writes = false) => new FaultyFile(Unless(FileCall.Open, name, Inner).Open(name, writes), name, plan);

    public override void Rename(string from, string to) => Unless(FileCall.Rename, from, Inner).Rename(from, to);

    public override void Delete(string name) => Unless(FileCall.Delete, name, Inner).Delete(name);

    /// <summary>Names that were pending stay so: they are journaled, and a file system that loses its journal does not go on.</summary>
    public override void SyncDirectory() => Unless(FileCall.SyncDirectory, Path, Inner).SyncDirectory();

    private T Unless<T>(FileCall call, string name, T inner) => plan.Strikes(call, name) ? throw plan.Error(name) : inner;

    private sealed class FaultyFile(IFile inner, string name, FaultPlan plan) : ForwardingFile(inner)
    {
        public override int Read(Span<byte> destination, long offset)
        {
            Check(FileCall.Read);
            return base.Read(destination, offset);
        }

        public override void Write(ReadOnlySpan<byte> source, long offset)
        {
            if (plan.Strikes(FileCall.Write, name))
            {
                if (plan.Kind is FaultKind.ShortWrite or FaultKind.DiskFull)
                {
                    base.Write(source[..(source.Length * 2 / 3)], offset);
                }

                throw plan.Error(name);
            }

            base.Write(source, offset);
        }

        public override void Allocate(long length)
        {
            Check(FileCall.Allocate);
            base.Allocate(length);
        }

        public override void Truncate(long length)
        {
            Check(FileCall.Truncate);
            base.Truncate(length);
        }

        public override void Sync()
        {
            if (plan.Strikes(FileCall.Sync, name))
            {
                if (plan.Loses)
                {
                    ((SimulatedFiles.File)Inner).FailSync();
                }

                throw plan.Error(name);
            }

            base.Sync();
        }

        private void Check(FileCall call)
        {
            if (plan.Strikes(call, name))
            {
                throw plan.Error(name);
            }
        }
    }
}
