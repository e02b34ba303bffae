using System.Text.RegularExpressions;
using Larder.Tests.Contract;
using Xunit;

namespace Larder.Tests.Conformance;

/// <summary>Reading, writing and naming: the check list of script and session storage, as far as it speaks of sessions.</summary>
public abstract class SessionBasics<TSubject, TFace> : SessionConformance<TSubject, TFace>
    where TSubject : Subject, new()
    where TFace : SessionFace, new()
{
    [Fact]
    public void What_was_set_is_read_and_can_be_overwritten()
    {
        SessionFace sessions = Sessions();
        string id = sessions.Create();

        sessions.Set(id, "cart", "[1,2,3]");
        Assert.Equal("[1,2,3]", sessions.Get(id, "cart"));
        sessions.Set(id, "cart", "[]");
        Assert.Equal("[]", sessions.Get(id, "cart"));
    }

    [Fact]
    public void An_unknown_key_and_an_unknown_session_read_as_null()
    {
        SessionFace sessions = Sessions();

        Assert.Null(sessions.Get(sessions.Create(), "cart"));
        Assert.Null(sessions.Get("nobody", "cart"));
        Assert.Empty(sessions.Keys("nobody"));
        Assert.False(sessions.Touch("nobody"));
        Assert.False(sessions.End("nobody"));
    }

    [Fact]
    public void An_empty_value_is_a_value()
    {
        SessionFace sessions = Sessions();
        string id = sessions.Create();

        sessions.Set(id, "empty", "");

        Assert.Equal("", sessions.Get(id, "empty"));
        Assert.Equal(["empty"], sessions.Keys(id));
    }

    [Fact]
    public void Deleting_and_clearing_what_is_unknown_is_no_error()
    {
        SessionFace sessions = Sessions();
        string id = sessions.Create();

        Assert.False(sessions.Delete(id, "cart"));
        Assert.False(sessions.Delete("nobody", "cart"));
        Assert.Equal(0, sessions.Clear(id));
        Assert.Equal(0, sessions.Clear("nobody"));
    }

    [Fact]
    public void One_key_name_in_two_sessions_is_two_entries()
    {
        SessionFace sessions = Sessions();
        (string a, string b) = (sessions.Create(), sessions.Create());

        sessions.Set(a, "user", "alice");
        sessions.Set(b, "user", "bob");
        Assert.True(sessions.Delete(a, "user"));

        Assert.Null(sessions.Get(a, "user"));
        Assert.Equal("bob", sessions.Get(b, "user"));
    }

    [Fact]
    public void Three_keys_of_one_session_are_read_and_listed_in_order()
    {
        SessionFace sessions = Sessions();
        string id = sessions.Create();
        string token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl";

        sessions.Set(id, "user", "john");
        sessions.Set(id, "token", token);
        sessions.Set(id, "expires", "2026-12-31T23:59:59.000Z");

        Assert.Equal("john", sessions.Get(id, "user"));
        Assert.Equal(token, sessions.Get(id, "token"));
        Assert.Equal("2026-12-31T23:59:59.000Z", sessions.Get(id, "expires"));
        Assert.Equal(["expires", "token", "user"], sessions.Keys(id));
    }

    [Fact]
    public void Id_and_key_are_a_pair_and_not_a_text()
    {
        SessionFace sessions = Sessions();

        sessions.Set("a", "b:c", "one");
        sessions.Set("a:b", "c", "two");
        sessions.Set("a:b:", "c", "three");

        Assert.Equal("one", sessions.Get("a", "b:c"));
        Assert.Equal("two", sessions.Get("a:b", "c"));
        Assert.Equal("three", sessions.Get("a:b:", "c"));
        Assert.Equal(1, sessions.Clear("a"));
        Assert.Equal(["c"], sessions.Keys("a:b"));
    }

    [Fact]
    public void The_empty_key_is_a_key()
    {
        SessionFace sessions = Sessions();
        string id = sessions.Create();

        sessions.Set(id, "", "nameless");

        Assert.Equal("nameless", sessions.Get(id, ""));
        Assert.Equal([""], sessions.Keys(id));
        Assert.Equal(1, sessions.Clear(id));
        Assert.Null(sessions.Get(id, ""));
    }

    [Fact]
    public void Text_comes_back_whole_with_nul_newlines_and_any_script()
    {
        SessionFace sessions = Sessions();
        string id = sessions.Create();
        string text = "a\0b\r\nÄ 数 😀 \ufffd";

        sessions.Set(id, "k\0 😀", text);

        Assert.Equal(text, sessions.Get(id, "k\0 😀"));
        Assert.Equal(["k\0 😀"], sessions.Keys(id));
    }

    [Fact]
    public void Keys_differ_by_case_and_are_listed_in_the_order_of_their_bytes()
    {
        SessionFace sessions = Sessions();
        string id = sessions.Create();
        foreach (string key in new[] { "b", "B", "ä", "a", "😀", "\uffff", "" })
        {
            sessions.Set(id, key, key);
        }

        Assert.Equal(["", "B", "a", "b", "ä", "\uffff", "😀"], sessions.Keys(id));
    }

    [Fact]
    public void Created_ids_are_256_random_bits_in_base64url()
    {
        SessionFace sessions = Sessions();
        string[] ids = [.. Enumerable.Range(0, 100).Select(_ => sessions.Create())];

        Assert.Equal(100, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches(new Regex("^[A-Za-z0-9_-]{43}$"), id));
    }

    [Fact]
    public void Clearing_removes_every_key_tells_how_many_and_leaves_the_session()
    {
        SessionFace sessions = Sessions(options => options.Strict = true);
        string id = sessions.Create();
        string other = sessions.Create();
        sessions.Set(other, "k", "v");
        for (int i = 0; i < 300; i++)
        {
            sessions.Set(id, $"key {i}", "v");
        }

        Assert.Equal(300, sessions.Clear(id));

        Assert.Empty(sessions.Keys(id));
        Assert.Null(sessions.Get(id, "key 7"));
        Assert.Equal("v", sessions.Get(other, "k"));
        Assert.Equal(5, Entries);   // two headers, two ledgers, one key: nothing waits for a sweep
        sessions.Set(id, "again", "v");
        Assert.Equal(["again"], sessions.Keys(id));
    }

    [Fact]
    public void Ending_makes_the_id_unknown_and_leaves_nothing()
    {
        SessionFace sessions = Sessions(options => options.Strict = true);
        string id = sessions.Create();
        sessions.Set(id, "k", "v");

        Assert.True(sessions.End(id));

        Assert.Null(sessions.Get(id, "k"));
        Assert.False(sessions.End(id));
        Assert.Equal(0, Entries);
        Refused<SessionNotFoundException>(() => sessions.Set(id, "k", "v"));
    }

    [Fact]
    public void Rotating_keeps_the_keys_and_ends_the_old_id()
    {
        SessionFace sessions = Sessions(options => options.Strict = true);
        string old = sessions.Create();
        sessions.Set(old, "user", "alice");

        string id = sessions.Rotate(old);

        Assert.NotEqual(old, id);
        Assert.Matches(new Regex("^[A-Za-z0-9_-]{43}$"), id);
        Assert.Equal("alice", sessions.Get(id, "user"));
        Assert.Null(sessions.Get(old, "user"));
        Assert.Empty(sessions.Keys(old));
        Assert.False(sessions.Touch(old));
        Refused<SessionNotFoundException>(() => sessions.Set(old, "user", "mallory"));
        Refused<SessionNotFoundException>(() => sessions.Rotate(old), "no such session");
        Assert.Equal(0, sessions.Sweep());
        Assert.Equal("alice", sessions.Get(id, "user"));
    }

    [Fact]
    public void After_a_rotation_the_old_id_may_begin_a_session_of_its_own()
    {
        SessionFace sessions = Sessions();
        sessions.Set("visitor", "user", "alice");
        string id = sessions.Rotate("visitor");

        sessions.Set("visitor", "user", "mallory");

        Assert.Equal("alice", sessions.Get(id, "user"));
        Assert.Equal("mallory", sessions.Get("visitor", "user"));
    }

    [Fact]
    public void Rotating_writes_two_entries_however_many_keys_there_are()
    {
        SessionFace sessions = Sessions();
        string id = sessions.Create();
        for (int i = 0; i < 100; i++)
        {
            sessions.Set(id, $"key {i}", "v");
        }

        long before = Subject.Engine!.Statistics.LastSequence;
        HashSet<long> versions = [.. Store.Scan("session:d:").Select(entry => entry.Version)];
        string next = sessions.Rotate(id);

        Assert.Equal(before + 1, Subject.Engine.Statistics.LastSequence);
        Assert.Equal(versions, Store.Scan("session:d:").Select(entry => entry.Version).ToHashSet());
        Assert.Equal(100, sessions.Keys(next).Count);
    }

    [Fact]
    public void Strict_sessions_begin_by_creation_only()
    {
        SessionFace sessions = Sessions(options => options.Strict = true);

        SessionNotFoundException refusal = Refused<SessionNotFoundException>(() => sessions.Set("chosen by a visitor", "k", "v"), "Create");

        Assert.DoesNotContain("chosen", refusal.Message, StringComparison.Ordinal);
        Assert.Null(sessions.Get("chosen by a visitor", "k"));
        Assert.Equal(0, Entries);
    }

    [Fact]
    public void Two_storages_over_one_store_are_one_and_a_scope_has_its_own()
    {
        SessionFace sessions = Sessions();
        SessionFace same = Sessions();
        using IStore scope = Store.Scope("tenant:");
        using SessionStorage other = scope.Sessions(new SessionOptions { TimeProvider = Subject.Clock });
        string id = sessions.Create();

        sessions.Set(id, "k", "v");
        other.Set(id, "k", "other");
        Store.LocalStorage().Set("k", "local");
        Store.Set("k", "the store's");

        Assert.Equal("v", same.Get(id, "k"));
        Assert.Equal("other", other.Get(id, "k"));
        Store.LocalStorage().Clear();
        Assert.Equal("v", same.Get(id, "k"));
        Assert.True(Store.TryGet("k", out string? own));
        Assert.Equal("the store's", own);
    }
}
