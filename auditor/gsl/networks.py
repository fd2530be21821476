"""Addresses and networks: how many hosts, and whether private or public."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

Network = IPv4Network | IPv6Network

PRIVATE: tuple[Network, ...] = tuple(
    ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
"""RFC 1918 section 3 and RFC 4193 section 3.1."""


def network(value: object) -> Network | None:
    """The network that a text is (an address is a network of one), or None."""
    if not isinstance(value, str):
        return None
    try:
        return ip_network(value.strip(), strict=False)
    except ValueError:
        return None


def is_private(addresses: Network) -> bool:
    """Whether all of ``addresses`` lies inside one of the private ranges."""
    return any(
        (isinstance(addresses, IPv4Network) and isinstance(private, IPv4Network) and addresses.subnet_of(private))
        or (isinstance(addresses, IPv6Network) and isinstance(private, IPv6Network) and addresses.subnet_of(private))
        for private in PRIVATE
    )
