"""Receivers of webhooks that really listen, kind ones and others."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Script = Callable[[socket.socket], None]
"""What a receiver does with a connection, once it has read the request."""


@dataclass
class Receiver:
    """A server on an address of this machine that remembers what it was sent."""

    host: str
    port: int
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        """Its address, without TLS."""
        return f"http://{self.host}:{self.port}/hook?a=1"


def answering(status: str, *headers: str) -> Script:
    """A receiver that answers at once."""
    lines = [f"HTTP/1.1 {status}", "Content-Length: 0", *headers, "", ""]
    return lambda peer: peer.sendall("\r\n".join(lines).encode())


def dripping(peer: socket.socket) -> None:
    """A receiver that sends a byte of its headers every tenth of a second, without end."""
    while True:
        peer.sendall(b"H")
        time.sleep(0.1)


def flooding(peer: socket.socket) -> None:
    """A receiver that answers 200, and then sends without end."""
    peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        peer.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


def flooding_headers(peer: socket.socket) -> None:
    """A receiver whose headers never end."""
    peer.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        peer.sendall(b"X-More: " + b"x" * 0x8000 + b"\r\n")


def hanging_up(peer: socket.socket) -> None:
    """A receiver that goes away."""


def talking_nonsense(peer: socket.socket) -> None:
    """A receiver that speaks no HTTP."""
    peer.sendall(b"\x00\xff" * 100)


@pytest.fixture
def receiver() -> Iterator[Callable[..., Receiver]]:
    """Start receivers: `receiver(answering("200 OK"), host="127.0.0.2", tls=context)`."""
    listening: list[socket.socket] = []

    def started(
        script: Script, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
    ) -> Receiver:
        server = socket.create_server((host, port))
        listening.append(server)
        it = Receiver(host, server.getsockname()[1])
        threading.Thread(target=_serve, args=(server, it, script, tls), daemon=True).start()
        return it

    yield started
    for server in listening:
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()


def _serve(server: socket.socket, it: Receiver, script: Script, tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            peer, _ = server.accept()
        except OSError:
            return
        it.connections += 1
        threading.Thread(target=_attend, args=(peer, it, script, tls), daemon=True).start()


def _attend(peer: socket.socket, it: Receiver, script: Script, tls: ssl.SSLContext | None) -> None:
    with suppress(OSError), peer, tls.wrap_socket(peer, server_side=True) if tls else peer as line:
        line.settimeout(10)
        it.requests.append(_request(line))
        script(line)


def _request(line: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(line)
    head, _, body = data.partition(b"\r\n\r\n")
    (length,) = (each for each in head.lower().split(b"\r\n") if each.startswith(b"content-length:"))
    while len(body) < int(length.split(b":")[1]):
        body += _more(line)
    return head + b"\r\n\r\n" + body


def _more(line: socket.socket) -> bytes:
    data = line.recv(65536)
    if not data:
        raise OSError("hung up")
    return data


@dataclass(frozen=True)
class Authority:
    """Who vouches for names: a context for a server of a name, and one for clients that trust it."""

    folder: Path
    root: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def server(self, name: str) -> ssl.SSLContext:
        """A server that proves to be `name`."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(name, key, self.root.subject, self.key, is_root=False)
        file = self.folder / f"{name}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def client(self) -> ssl.SSLContext:
        """A client that trusts this authority alone."""
        return ssl.create_default_context(
            cadata=self.root.public_bytes(serialization.Encoding.PEM).decode("ascii")
        )


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """An authority of this test's own."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tests")])
    return Authority(tmp_path, _certificate("Tests", key, name, key, is_root=True), key)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    is_root: bool,
) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    alternatives: x509.GeneralName = x509.DNSName(name)
    with suppress(ValueError):
        alternatives = x509.IPAddress(ipaddress.ip_address(name))
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([alternatives]), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
