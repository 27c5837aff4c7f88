"""One strict reading of URLs, and which addresses are somebody's on the internet."""

import ipaddress
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import settings
from shared.destination import Refused, hosts, read, spelling
from shared.errors import SettingsError
from shared.public_address import is_public, may_be_private
from tests.shared import hostile_urls

PUBLIC = ("8.8.8.8", "93.184.216.34", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001::200e")

V4 = st.integers(0, 2**32 - 1).map(IPv4Address)


@pytest.mark.parametrize(
    ("url", "host", "port", "target"),
    [
        ("https://crm.example.com", "crm.example.com", 443, "/"),
        ("https://CRM.Example.com/Hook?a=B%20c", "crm.example.com", 443, "/Hook?a=B%20c"),
        ("https://crm.example.com:8443/x", "crm.example.com", 8443, "/x"),
        ("https://crm.example.com?x=1", "crm.example.com", 443, "/?x=1"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example", 443, "/"),
        ("https://8.8.8.8/x", "8.8.8.8", 443, "/x"),
        ("https://[2606:4700:0::1111]:8443/", "2606:4700::1111", 8443, "/"),
        ("https://a_b.example.com/@x:y/", "a_b.example.com", 443, "/@x:y/"),
    ],
)
def test_a_plain_url_is_read(url, host, port, target):
    found = read(url)

    assert (found.host, found.port, found.target) == (host, port, target)


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example.com/",
        "https://crm.example.com:25/",
        "https://crm.example.com:22/",
        "https://crm.example.com/#part",
        "https://user:secret@crm.example.com/",
        "https://bücher.example/",
        "https://intranet/",
        "https://crm.example.com/" + "x" * 2000,
        "",
    ],
)
def test_a_url_that_is_no_plain_https_url_of_a_public_host_is_refused(url):
    with pytest.raises(Refused) as refused:
        read(url)
    assert set(refused.value.details) == {"url"}


def test_no_hostile_address_is_read_and_what_is_read_is_a_name():
    for url in hostile_urls.urls(443):
        try:
            found = read(url)
        except Refused:
            continue
        assert found.address is None, url
        assert found.host == urlsplit(url).hostname, url


@given(st.text(max_size=60).map(lambda text: f"https://{text}") | st.text(max_size=60))
def test_whatever_is_written_is_read_as_the_standard_library_does_or_refused(url):
    try:
        found = read(url)
    except Refused:
        return

    assert found.host == urlsplit(url).hostname
    assert url.isascii() and "\\" not in url and "@" not in urlsplit(url).netloc


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_is_public(text):
    assert is_public(ip_address(text))


@pytest.mark.parametrize("text", [*hostile_urls.INSIDE, *hostile_urls.PLAIN])
def test_no_special_address_is_public_nor_hidden_in_another(text):
    inner = int(IPv4Address(text))
    hidden = (
        IPv6Address((0xFFFF << 32) | inner),  # mapped
        IPv6Address(inner),  # compatible
        IPv6Address((0x64FF9B << 96) | inner),  # NAT64
        IPv6Address((0x2002 << 112) | (inner << 80) | 1),  # 6to4
        IPv6Address((0x20010000 << 96) | (inner ^ 0xFFFFFFFF)),  # Teredo
        IPv6Address((0x2A00 << 112) | (0x5EFE << 32) | inner),  # ISATAP
        IPv6Address((0x2A00 << 112) | (0x02005EFE << 32) | inner),  # ISATAP, globally unique
    )

    assert not is_public(IPv4Address(text))
    assert [str(address) for address in hidden if is_public(address)] == []


@pytest.mark.parametrize(
    "text", [host for host in hostile_urls.BRACKETED if ":" in host and "%25" not in host]
)
def test_no_special_ipv6_address_is_public(text):
    assert not is_public(ip_address(text))


@given(V4)
def test_nothing_is_public_that_the_standard_library_calls_special(address):
    if is_public(address):
        assert address.is_global
        assert not (address.is_private or address.is_multicast or address.is_reserved)


@given(V4)
def test_a_mapped_address_is_judged_as_what_it_holds(address):
    assert is_public(IPv6Address(f"::ffff:{address}")) is is_public(address)


@pytest.mark.parametrize(
    "text", ["127.0.0.1", "10.0.0.5", "192.168.1.1", "100.64.0.9", "::1", "fd00::5"]
)
def test_a_listed_name_may_be_at_a_private_address(text):
    assert may_be_private(ip_address(text))


@pytest.mark.parametrize(
    "text", ["169.254.169.254", "0.0.0.0", "0.0.0.5", "224.0.0.1", "fe80::1", "ff02::1", "::",
             "::ffff:169.254.169.254",
             "100.100.100.200", "fd00:ec2::254", "192.0.0.192", "198.18.0.1", "255.255.255.255"]
)  # fmt: skip
def test_a_listed_name_is_never_at_an_address_of_no_single_host(text):
    assert not may_be_private(ip_address(text))


def test_hosts_are_listed_by_name_address_and_port():
    listed = hosts(" Sink.Internal, 10.0.0.5:8080,[::1]:9, ::1,localhost,fd00::5,")

    assert listed == {"sink.internal", "10.0.0.5:8080", "[::1]:9", "::1", "localhost", "fd00::5"}


@pytest.mark.parametrize("text", ["http://a/", "a/b", "a b", "*", "*.internal", "10.0.0.0/8",
                                  "127.1", "a:0", "a:x", "a@b", "bücher"])  # fmt: skip
def test_what_is_no_host_cannot_be_listed(text):
    with pytest.raises(ValueError, match="must list hosts"):
        hosts(text)


def test_a_faulty_list_of_private_hosts_refuses_to_start():
    with pytest.raises(SettingsError) as refused:
        settings.load({"LEADFLY_ALLOWED_PRIVATE_HOSTS": "10.0.0.0/8"})
    assert list(refused.value.details) == ["LEADFLY_ALLOWED_PRIVATE_HOSTS"]
    assert settings.load({}).allowed_private_hosts == frozenset()


@given(st.ip_addresses().filter(lambda address: not getattr(address, "scope_id", None)))
def test_what_is_listed_is_found_again(address):
    host = str(address)
    listed = hosts(spelling(host, 8080))

    assert read(f"http://{spelling(host, 8080)}/", listed).host == str(ipaddress.ip_address(host))
    with pytest.raises(Refused):
        read(f"http://{spelling(host, 8081)}/", listed)
