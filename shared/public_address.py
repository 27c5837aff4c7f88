"""Which IP addresses are somebody's on the internet, and which lead inside a network.

Whoever may name an address must not reach the operator's own hosts, nor what a cloud tells its
machines at an address that only they see.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address


def is_public(address: Address) -> bool:
    """True if *address* belongs to a host on the internet, for all we know without asking.

    The standard library's `is_global` knows the IANA special-purpose registries of its release;
    what it lacks, or lacks in older ones, is in _CLOSED. An IPv4 address inside an IPv6 one is
    judged by itself where a translator would unpack it, and refused elsewhere.
    """
    if isinstance(address, IPv6Address):
        inner = _translated(address)
        if inner is not None:
            return is_public(inner)
        if address.scope_id or address not in _GLOBAL_UNICAST or _is_isatap(address):
            return False
    closed = any(address in network for network in _CLOSED if network.version == address.version)
    return address.is_global and not address.is_multicast and not closed


def may_be_private(address: Address) -> bool:
    """True if a host that the operator listed by name may be at *address*.

    Never where clouds serve credentials, nor at an address that is no single host's.
    """
    inner = _translated(address) if isinstance(address, IPv6Address) else None
    address = inner or address
    if any(address == one for one in _METADATA):
        return False
    inside = any(address in network for network in _INSIDE if network.version == address.version)
    return is_public(address) or inside


def _translated(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that the system (mapped) or a NAT64 gateway would talk to."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


def _is_isatap(address: IPv6Address) -> bool:
    """True for an interface id that holds an IPv4 address (RFC 5214, section 6.1)."""
    return (int(address) >> 32) & 0xFDFFFFFF == 0x00005EFE


_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that is given to hosts on the internet (IANA, IPv6 Address Space)."""

_NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052, section 2.1."""

_INSIDE: tuple[IPv4Network | IPv6Network, ...] = (
    IPv4Network("127.0.0.0/8"),
    IPv4Network("10.0.0.0/8"),  # RFC 1918, as the next two
    IPv4Network("172.16.0.0/12"),
    IPv4Network("192.168.0.0/16"),
    IPv4Network("100.64.0.0/10"),  # RFC 6598; overlay networks use it
    IPv6Network("::1/128"),
    IPv6Network("fc00::/7"),  # RFC 4193
)
"""Where an operator's own hosts are."""

_METADATA = (
    IPv4Address("100.100.100.200"),  # Alibaba; the others' are link-local
    IPv6Address("fd00:ec2::254"),  # Amazon
    IPv6Address("fd00:ec2::23"),  # Amazon EKS
    IPv6Address("fd20:ce::254"),  # Google
)
"""Where clouds tell their machines secrets, among addresses of _INSIDE."""

_CLOSED: tuple[IPv4Network | IPv6Network, ...] = (
    IPv4Network("0.0.0.0/8"),  # RFC 1122: this host
    IPv4Network("100.64.0.0/10"),  # RFC 6598: shared by a carrier's customers; cloud metadata
    IPv4Network("169.254.0.0/16"),  # RFC 3927: link-local; cloud metadata
    IPv4Network("168.63.129.16/32"),  # Azure's virtual public address of its host agent
    IPv4Network("192.0.0.0/24"),  # RFC 6890: protocol assignments; cloud metadata
    IPv4Network("192.31.196.0/24"),  # RFC 7535: AS112
    IPv4Network("192.52.193.0/24"),  # RFC 7450: AMT
    IPv4Network("192.88.99.0/24"),  # RFC 7526: 6to4 relays
    IPv4Network("192.175.48.0/24"),  # RFC 7534: AS112
    IPv4Network("198.18.0.0/15"),  # RFC 2544: benchmarks
    IPv4Network("240.0.0.0/4"),  # RFC 1112: reserved, and broadcast
    IPv6Network("2001::/23"),  # RFC 2928: Teredo, ORCHID, benchmarks and other assignments
    IPv6Network("2001:db8::/32"),  # RFC 3849: documentation
    IPv6Network("2002::/16"),  # RFC 3056: 6to4, an IPv4 address inside
    IPv6Network("3fff::/20"),  # RFC 9637: documentation
)
