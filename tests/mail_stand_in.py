"""A mail server for tests: speaks SMTP on a free port, also with TLS, and keeps what it is given."""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class MailServer:
    """`scheme` is that of OCRCHAT_SMTP_URL; `logins` are the names and passwords that were shown."""

    scheme: str
    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    were_sealed: list[bool] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The setting by which a server sends its mail here."""
        return f"{self.scheme}://post:p%40ss@127.0.0.1:{self.port}"

    def newest(self, to: str, after: int = 0) -> EmailMessage:
        """The newest letter to an address, of those after the first so many; waits up to 20 s for one."""
        deadline = time.monotonic() + 20
        while not (found := [each for each in self.letters[after:] if each["To"] == to]):
            assert time.monotonic() < deadline, f"no mail came to {to}"
            time.sleep(0.02)
        return found[-1]


@contextmanager
def mail_server(folder: Path, scheme: str = "smtp") -> Iterator[MailServer]:
    """One until the end; who trusts the certificate in `folder/mail.pem` (SSL_CERT_FILE) trusts it."""
    kept = MailServer(scheme)
    tls = _tls(folder)

    class Talk(StreamRequestHandler):
        def handle(self) -> None:
            is_sealed = scheme == "smtps"
            if is_sealed:
                self._seal()
            self._say("220 here")
            while line := self.rfile.readline():
                word, _, rest = line.decode().strip().partition(" ")
                match word.upper():
                    case "EHLO" | "HELO":
                        offers = ["here", "AUTH PLAIN"] + ["STARTTLS"] * (
                            scheme == "smtp+tls" and not is_sealed
                        )
                        for offer in offers:
                            self._say(f"250-{offer}")
                        self._say("250 8BITMIME")
                    case "STARTTLS":
                        self._say("220 go on")
                        self._seal()
                        is_sealed = True
                    case "AUTH":
                        _, name, password = base64.b64decode(rest.split()[-1]).decode().split("\0")
                        kept.logins.append((name, password))
                        self._say("235 welcome")
                    case "DATA":
                        self._say("354 go on")
                        lines = iter(self.rfile.readline, b".\r\n")
                        letter = b"".join(each.removeprefix(b".") for each in lines)
                        kept.letters.append(
                            cast(EmailMessage, message_from_bytes(letter, policy=policy.default))
                        )
                        kept.were_sealed.append(is_sealed)
                        self._say("250 kept")
                    case "QUIT":
                        self._say("221 bye")
                        return
                    case _:
                        self._say("250 well")

        def finish(self) -> None:
            try:
                super().finish()
            finally:
                self.connection.close()

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

        def _seal(self) -> None:
            self.rfile.close()
            self.connection = sealed = tls.wrap_socket(
                self.connection, server_side=True, do_handshake_on_connect=False
            )
            sealed.do_handshake()
            self.rfile, self.wfile = sealed.makefile("rb"), sealed.makefile("wb", 0)

    class Server(ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, *what: object) -> None:
            pass  # a client that does not trust the certificate hangs up

    server = Server(("127.0.0.1", 0), Talk)
    kept.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _tls(folder: Path) -> ssl.SSLContext:
    """A context with a new certificate for 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = dt.datetime.now(dt.UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "mail.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "mail.key").write_bytes(secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, folder / "mail.key")
    return context
