"""A request to a machine of somebody else, and never to one of ours (CWE-918, SSRF).

Only https, and only to addresses that anyone on the internet can reach. That is asked of the very
address that is connected to, so a name that points elsewhere meanwhile (DNS rebinding) reaches
nothing. No redirect is followed, no proxy is asked, and the answer is its status alone.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

#: How long all of a request may take, from the connection to the status of the answer.
SECONDS = 5.0
#: Of IPv6 only what is given out (RFC 4291), so neither what is translated into IPv4 (RFC 6052).
GIVEN_OUT = ipaddress.ip_network("2000::/3")
#: Behind these prefixes an IPv4 address hides: 6to4 (RFC 3056) and Teredo (RFC 4380).
TUNNELS = tuple(map(ipaddress.ip_network, ("2002::/16", "2001::/32")))
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotAllowed(Exception):
    """An address that nothing is sent to: not https, unreadable, or inside a network."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes, taken apart."""

    scheme: str
    host: str
    port: int
    netloc: str
    path: str


def read_target(url: str) -> Target:
    """Take the address apart. Raises NotAllowed for what is no plain http(s) address."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}[parts.scheme]
    except (ValueError, KeyError) as error:
        raise NotAllowed from error
    plain = url.isascii() and url.isprintable() and " " not in url
    if not plain or not parts.hostname or parts.username is not None or parts.fragment:
        raise NotAllowed
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, port, parts.netloc, path)


def addresses_of(target: Target, *, at_home: bool) -> list[str]:
    """Where the name leads now. Raises NotAllowed when one of them is no address of the internet,
    OSError when the name is not known. `at_home` also lets this machine itself be asked.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [str(place[0]) for *_, place in found]
    for text in addresses:
        if not _may_be_asked(ipaddress.ip_address(text.partition("%")[0]), target, at_home):
            raise NotAllowed
    return addresses


def _may_be_asked(address: Address, target: Target, at_home: bool) -> bool:  # noqa: FBT001
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    if address.is_loopback:
        return at_home
    if address.version == 6 and (
        address not in GIVEN_OUT or any(address in network for network in TUNNELS)
    ):
        return False
    return target.scheme == "https" and address.is_global and not address.is_multicast


def post(url: str, body: bytes, headers: Mapping[str, str], *, at_home: bool) -> int:
    """Send it and return the status of the answer. Raises NotAllowed, OSError, HTTPException."""
    target = read_target(url)
    reached = socket.create_connection(
        (addresses_of(target, at_home=at_home)[0], target.port), timeout=SECONDS
    )
    # Who answers a byte at a time is cut off too.
    clock = threading.Timer(SECONDS, _cut, [reached])
    clock.start()
    connection = http.client.HTTPConnection(target.host, target.port)
    try:
        connection.sock = _secured(reached, target)
        connection.request("POST", target.path, body, {"Host": target.netloc, **headers})
        return connection.getresponse().status
    finally:
        clock.cancel()
        connection.close()
        reached.close()


def _secured(reached: socket.socket, target: Target) -> socket.socket:
    if target.scheme == "http":
        return reached
    return ssl.create_default_context().wrap_socket(reached, server_hostname=target.host)


def _cut(reached: socket.socket) -> None:
    with suppress(OSError):
        reached.shutdown(socket.SHUT_RDWR)
