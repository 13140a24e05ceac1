"""How often a client may call: a fixed window of one minute, counted by all worker processes together."""

from __future__ import annotations

import ipaddress
import mmap
import struct
import time
from hashlib import blake2b
from pathlib import Path
from secrets import token_bytes

from starlette.types import Scope

_SLOTS = 1 << 16
_SLOT = struct.Struct("<II")  # the minute, the calls in it
_SALT = 16


class Limits:
    """A table in a file that the workers share: a client is a hash, salted anew at every start, so nobody is named.

    Without a lock two calls at the same instant may count once, which does no harm.
    """

    def __init__(self, path: Path, per_minute: int, office: str = "") -> None:
        """``office``: whose calls these are, of the several that share the table."""
        self._per_minute = per_minute
        self._office = office
        with path.open("r+b") as file:
            self._table = mmap.mmap(file.fileno(), 0)
        self._salt = self._table[:_SALT]

    @staticmethod
    def prepare(path: Path) -> None:
        """Write an empty table; once, before the workers start."""
        path.write_bytes(token_bytes(_SALT) + bytes(_SLOTS * _SLOT.size))

    def wait(self, scope: Scope) -> int:
        """Count a call and return for how many seconds the client has to wait; 0 when it may go on.

        The machine itself is not limited: behind a proxy it is the proxy's forwarded address that counts.
        """
        host = client_of(scope)
        if is_this_machine(host):
            return 0
        now = time.time()
        digest = blake2b(f"{self._office} {host}".encode(), digest_size=4, key=self._salt).digest()
        at = _SALT + int.from_bytes(digest, "little") % _SLOTS * _SLOT.size
        minute, calls = _SLOT.unpack_from(self._table, at)
        calls = calls + 1 if minute == int(now // 60) else 1
        _SLOT.pack_into(self._table, at, int(now // 60), calls)
        return 60 - int(now % 60) if calls > self._per_minute else 0


def client_of(scope: Scope) -> str:
    """Return the address of the client; of an IPv6 network, the part that one household or school has."""
    host = (scope.get("client") or ("", 0))[0]
    try:
        address = _address(host)
    except ValueError:
        return host
    if address.version == 4 or address.is_loopback:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))


def network_of(client: str) -> str:
    """Return the network that an address of ``client_of`` belongs to, as providers give them out: /24, of IPv6 /48."""
    try:
        network = ipaddress.ip_network(client, strict=False)
    except ValueError:
        return client
    return str(network.supernet(new_prefix=24 if network.version == 4 else 48))


def is_this_machine(host: str) -> bool:
    """Say whether an address is a loopback one."""
    try:
        return _address(host).is_loopback
    except ValueError:
        return False


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Read an address; an IPv4 one that a socket for both writes as IPv6 (``::ffff:192.0.2.1``) is not one network with all others."""
    address = ipaddress.ip_address(host)
    return address.ipv4_mapped or address if isinstance(address, ipaddress.IPv6Address) else address
