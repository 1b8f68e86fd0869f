"""Which addresses a crawler may go to: the public internet and what the user allows, nothing else.

A page says where to go next, so where it sends us is never trusted. Tables after the IANA
registries of special-purpose addresses (RFC 6890 and its updates).
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from newsclean.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Address = ipaddress.IPv4Address | ipaddress.IPv6Address
    Network = ipaddress.IPv4Network | ipaddress.IPv6Network

__all__ = ["AddressPolicy", "Endpoint"]

_SPECIAL_V4: Final = {
    "0.0.0.0/8": "this network",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "carrier-grade NAT",
    "127.0.0.0/8": "loopback",
    "168.63.129.16/32": "a cloud's metadata service",
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "reserved for protocols",
    "192.0.2.0/24": "reserved for documentation",
    "192.88.99.0/24": "a 6to4 relay",
    "192.168.0.0/16": "private",
    "198.18.0.0/15": "reserved for benchmarks",
    "198.51.100.0/24": "reserved for documentation",
    "203.0.113.0/24": "reserved for documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
}
# Only 2000::/3 is handed out to the public; these are named for the message, or lie inside of it.
_SPECIAL_V6: Final = {
    "::1/128": "loopback",
    "::/128": "unspecified",
    "64:ff9b:1::/48": "a local NAT64",
    "2001::/23": "reserved for protocols (Teredo and others)",
    "2001:db8::/32": "reserved for documentation",
    "2002::/16": "6to4",
    "3fff::/20": "reserved for documentation",
    "fc00::/7": "private",
    "fe80::/10": "link-local",
    "ff00::/8": "multicast",
}
_TABLE_V4: Final = tuple((ipaddress.IPv4Network(text), name) for text, name in _SPECIAL_V4.items())
_TABLE_V6: Final = tuple((ipaddress.IPv6Network(text), name) for text, name in _SPECIAL_V6.items())
_PUBLIC_V6: Final = ipaddress.IPv6Network("2000::/3")
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")

# Names that mean this machine or this site, whatever they resolve to.
_LOCAL_NAME: Final = re.compile(
    r"(?:.+\.)?(?:localhost|localdomain|local|internal|intranet|lan|home\.arpa)|[^.]+", re.IGNORECASE
)
# A host that ends in a number is an IPv4 address in one notation or another (URL standard, "ends in a number").
_NUMERIC: Final = re.compile(r"(?:.*\.)?(?:[0-9]+|0[xX][0-9a-fA-F]*)")
_NOT_IN_NAMES: Final = re.compile(r"[\x00-\x2c/:-@\[-^`{-\x7f\s]")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address and a port that a name is pinned to."""

    host: str
    port: int


@dataclass(frozen=True)
class AddressPolicy:
    """What may be fetched.

    `allowed`: networks and host names of an intranet; `pinned`: names (or `*`) with their fixed endpoints,
    as in an /etc/hosts; `ports`: those that URLs may name; `proxies`: URLs of chosen proxies.
    """

    allowed: tuple[str, ...] = ()
    pinned: Mapping[str, Endpoint] | None = None
    ports: frozenset[int] = frozenset({80, 443, 8080, 8443})
    proxies: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, *, allowed: Iterable[str], resolve: Mapping[str, str], ports: Iterable[int], proxies: Iterable[str]
    ) -> AddressPolicy:
        """Return the policy that settings spell; raises ConfigError for what cannot be read."""
        pinned = {name.lower(): _endpoint(name, text) for name, text in resolve.items()}
        policy = cls(
            allowed=tuple(allowed), pinned=pinned, ports=frozenset(map(int, ports)), proxies=tuple(map(_proxy, proxies))
        )
        for network in policy.networks:
            if network.prefixlen == 0:
                raise ConfigError(f"NEWSCLEAN_ALLOWED: {network} allows every address; name the networks you need")
        return policy

    @cached_property
    def networks(self) -> tuple[Network, ...]:
        """The networks among `allowed`."""
        found = (_network(text) for text in self.allowed)
        return tuple(network for network in found if network is not None)

    @cached_property
    def names(self) -> frozenset[str]:
        """The host names among `allowed`."""
        return frozenset(text.lower() for text in self.allowed if _network(text) is None)

    @cached_property
    def proxy_hosts(self) -> frozenset[str]:
        """The hosts of the chosen proxies."""
        return frozenset(urlsplit(proxy).hostname or "" for proxy in self.proxies)

    def pin_of(self, name: str) -> Endpoint | None:
        """Return where the user wants connections for `name` to go; an address is never pinned by `*`."""
        if not self.pinned:
            return None
        name = name.lower().rstrip(".")
        if name in self.pinned:
            return self.pinned[name]
        return None if _is_numeric(name) or ":" in name else self.pinned.get("*")

    def address_refusal(self, text: str) -> str | None:
        """Return why nothing may connect to the address `text`, None if it may."""
        if "%" in text:
            return f"{text} has a zone"
        try:
            address: Address = ipaddress.ip_address(text)
        except ValueError:
            return f"{text} is no address"
        if self._is_allowed(address):
            return None
        if isinstance(address, ipaddress.IPv6Address):
            return self._refusal_v6(address)
        return _named(address, _TABLE_V4)

    def url_refusal(self, url: str) -> str | None:
        """Return why `url` may not be fetched whatever its name resolves to, None if it may."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            return f"this is no URL: {error}"
        if parts.scheme not in _DEFAULT_PORTS:
            return f"{parts.scheme}: is no scheme of the web"
        if "@" in parts.netloc:
            return "the address holds a user name"
        host = parts.hostname or ""
        pin = self.pin_of(host)
        port = _DEFAULT_PORTS[parts.scheme] if port is None else port
        if port not in self.ports and (pin is None or pin.port != port) and not self._is_named(host):
            return f"port {port} is not one of the web's"
        return self._host_refusal(host)

    def proxy_refusal(self, proxy: str) -> str | None:
        """Return why a request may not go through `proxy`, None if the user chose it."""
        return None if _proxy(proxy) in self.proxies else f"{proxy} is none of the chosen proxies"

    def is_trusted_name(self, name: str) -> bool:
        """Whether a name may resolve to any address: allowed by name, or the host of a chosen proxy."""
        name = name.lower().rstrip(".")
        return name in self.names or name in self.proxy_hosts

    def _host_refusal(self, host: str) -> str | None:
        plain = unicodedata.normalize("NFKC", host).lower().rstrip(".")
        if not plain:
            return "there is no host"
        if plain in self.proxy_hosts and not self._is_named(plain):
            return f"{plain} is the proxy"
        if ":" in plain:
            return self.address_refusal(plain)
        if _is_numeric(plain):
            return self._numeric_refusal(host, plain)
        if _NOT_IN_NAMES.search(plain):
            return f"{host!r} is no host name"
        if self._is_named(plain) or (self.pinned and plain in self.pinned):
            return None
        return f"{plain} is a local name" if _LOCAL_NAME.fullmatch(plain) else None

    def _numeric_refusal(self, host: str, plain: str) -> str | None:
        try:
            address = ipaddress.IPv4Address(host)
        except ValueError:
            return f"{host!r} is an address in an odd notation"
        return self.address_refusal(str(address)) if str(address) == plain else f"{host!r} is an odd notation"

    def _is_named(self, host: str) -> bool:
        return host.lower().rstrip(".") in self.names

    def _is_allowed(self, address: Address) -> bool:
        return any(address.version == network.version and address in network for network in self.networks)

    def _refusal_v6(self, address: ipaddress.IPv6Address) -> str | None:
        inner = address.ipv4_mapped
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            refusal = self.address_refusal(str(inner))
            return f"{address} leads to {refusal}" if refusal else None
        return _named(address, _TABLE_V6) or (None if address in _PUBLIC_V6 else f"{address} is not public")


def _named(address: Address, table: Iterable[tuple[Network, str]]) -> str | None:
    return next((f"{address} is {name}" for network, name in table if address in network), None)


def _is_numeric(name: str) -> bool:
    return _NUMERIC.fullmatch(name) is not None


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _endpoint(name: str, text: str) -> Endpoint:
    host, _, port = text.rpartition(":")
    host = host.strip("[]")
    try:
        ipaddress.ip_address(host)
        return Endpoint(host, int(port))
    except ValueError as error:
        raise ConfigError(f"NEWSCLEAN_RESOLVE: {name}: {text!r} is no ADDRESS:PORT; write 127.0.0.1:8000") from error


def _proxy(text: str) -> str:
    parts = urlsplit(text if "://" in text else f"http://{text}")
    return f"{parts.scheme}://{parts.hostname}:{parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)}"
