"""The scanner of viruses, by the protocol of clamd (its manual, INSTREAM)."""

import socket
import struct
from urllib.parse import urlsplit

SECONDS = 60
PIECE = 262_144


class ScannerDown(Exception):
    """No answer that says anything about the file; it must wait."""


def is_clean(data: bytes, *, address: str) -> bool:
    """Whether the scanner at `address` finds nothing. Raises ScannerDown.

    `address` is `unix:///run/clamav/clamd.ctl` or `tcp://host:3310`.
    """
    try:
        with _connect(address) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), PIECE):
                piece = data[start : start + PIECE]
                connection.sendall(struct.pack("!L", len(piece)) + piece)
            connection.sendall(struct.pack("!L", 0))
            answer = _read(connection)
    except OSError as error:
        raise ScannerDown(type(error).__name__) from error
    if answer == "stream: OK":
        return True
    if answer.endswith(" FOUND"):
        return False
    raise ScannerDown("unexpected answer")


def _connect(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(SECONDS)
        try:
            connection.connect(parts.path)
        except OSError:
            connection.close()
            raise
        return connection
    return socket.create_connection((parts.hostname or "", parts.port or 3310), timeout=SECONDS)


def _read(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and (more := connection.recv(4096)):
        answer += more
    return answer.rstrip(b"\0\n").decode(errors="replace")
