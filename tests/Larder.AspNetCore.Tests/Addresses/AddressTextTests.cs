using System.Net;
using Larder.AspNetCore.Addresses;
using Xunit;

namespace Larder.AspNetCore.Tests.Addresses;

public sealed class AddressTextTests
{
    [Theory]
    [InlineData("192.168.1.1", "192.168.1.1")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("::1", "::1")]
    [InlineData("2001:DB8::00A1", "2001:db8::a1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("::FFFF:c000:0201", "192.0.2.1")]
    [InlineData("64:ff9b::192.0.2.1", "64:ff9b::c000:201")]
    public void Addresses_are_read_into_one_spelling(string text, string canonical)
    {
        Assert.True(AddressText.TryParse(text, out IPAddress? address));
        Assert.Equal(canonical, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData("256.256.256.256")]
    [InlineData("192.168.1")]
    [InlineData("192.168.1.1.1")]
    [InlineData("3232235777")]
    [InlineData("0xC0.0xA8.1.1")]
    [InlineData("192.168.01.1")]
    [InlineData("192.168.1.1 ")]
    [InlineData("192.168.1.-1")]
    [InlineData("192.168..1")]
    [InlineData("[::1]")]
    [InlineData("[::1]:80")]
    [InlineData("fe80::1%eth0")]
    [InlineData("2001:db8::g")]
    [InlineData("1:2:3")]
    [InlineData("::1::")]
    [InlineData("localhost")]
    [InlineData("192.168.1.1:80")]
    [InlineData("١٩٢.168.1.1")]
    public void What_is_no_address_is_refused(string? text)
    {
        Assert.False(AddressText.TryParse(text, out IPAddress? _));
        Assert.False(AddressText.TryParse(text, out IPNetwork _));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("10.1.2.3/8", "10.0.0.0/8")]
    [InlineData("10.1.2.3", "10.1.2.3/32")]
    [InlineData("10.1.2.3/32", "10.1.2.3/32")]
    [InlineData("10.1.2.3/0", "0.0.0.0/0")]
    [InlineData("192.168.1.129/25", "192.168.1.128/25")]
    [InlineData("2001:db8:1::1/32", "2001:db8::/32")]
    [InlineData("::1/128", "::1/128")]
    [InlineData("::/0", "::/0")]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0/8")]
    public void Networks_are_read_into_one_spelling(string text, string canonical)
    {
        Assert.True(AddressText.TryParse(text, out IPNetwork network));
        Assert.Equal(canonical, network.ToString());
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("::1/129")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/08")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0/8")]
    [InlineData("/8")]
    [InlineData("10.0.0.0/a")]
    [InlineData("::ffff:10.0.0.0/95")]
    [InlineData("10.0.0.0/255.0.0.0")]
    public void What_is_no_network_is_refused(string text) => Assert.False(AddressText.TryParse(text, out IPNetwork _));
}
