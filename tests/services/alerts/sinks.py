"""Sinks: a mail server and a web host of a test's own, which answer as they are told.

Acts: `ok`; a number is a status; `429:7` asks for seven seconds; `drop` takes it and hangs up
without a word; `hang` says nothing until the other end has had enough.
"""

import asyncio
import socket
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Received:
    """One request or one mail as it came."""

    id: str
    path: str
    """Of a request; the one recipient of a mail."""
    body: bytes
    headers: dict
    recipients: tuple = ()
    at: float = field(default_factory=time.monotonic)

    @property
    def mail(self):
        return message_from_bytes(self.body, policy=default)


class Script:
    """What a sink does next: *acts* in turn, then `ok` for ever; or whatever *always* says."""

    def __init__(self):
        self.received, self.acts, self.always = [], [], None
        self.hang_seconds = 5.0
        self.lock = threading.Lock()
        self.released = threading.Event()

    def next(self, received):
        with self.lock:
            act = self.always(received) if self.always else self.acts.pop(0) if self.acts else "ok"
            self.received.append(received)
        return str(act)

    @property
    def ids(self):
        return {one.id for one in self.received}


class WebSink(Script):
    """Listens on 127.0.0.1 for POST and PUT."""

    def __init__(self):
        super().__init__()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self):
        return self.server.server_address[1]

    def url(self, path="/hook"):
        return f"http://127.0.0.1:{self.port}{path}"

    def close(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    def _handler(self):
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                received = Received(headers.get("webhook-id", ""), self.path, body, headers)
                self.answer(sink.next(received))

            def answer(self, act):
                if act == "hang":
                    sink.released.wait(sink.hang_seconds)
                if act in ("drop", "hang"):
                    self.close_connection = True
                    return self.connection.shutdown(socket.SHUT_RDWR)
                status, _, wait = act.partition(":")
                self.send_response(200 if act == "ok" else int(status))
                if wait:
                    self.send_header("Retry-After", wait)
                if status.startswith("3"):
                    self.send_header("Location", sink.url("/elsewhere"))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        return Handler


class MailSink(Script):
    """A real SMTP server on 127.0.0.1; with *tls* it asks for STARTTLS, and for a password."""

    def __init__(self, tls=None):
        super().__init__()
        more = {"tls_context": tls, "require_starttls": True} if tls else {}
        if tls:
            more |= {"authenticator": self._authenticated, "auth_required": True}
        self.logins, self.closed = [], False
        self.controller = Controller(self, "127.0.0.1", _free_port(), **more)
        self.controller.start()

    @property
    def port(self):
        return self.controller.port

    def close(self):
        self.released.set()
        if not self.closed:
            self.closed = True
            self.controller.stop()

    def _authenticated(self, server, session, envelope, mechanism, data):
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"right", handled=False)

    async def handle_DATA(self, server, session, envelope):
        (to,) = envelope.rcpt_tos
        mail = message_from_bytes(envelope.content, policy=default)
        received = Received(
            _id_of(mail["Message-ID"]), to, envelope.content, dict(mail), tuple(envelope.rcpt_tos)
        )
        act = self.next(received)
        if act == "hang":
            await asyncio.sleep(self.hang_seconds)
        if act in ("drop", "hang"):
            server.transport.close()
            return "250 never read"
        return "250 OK" if act == "ok" else f"{act} as the script says"


def _id_of(message_id):
    return (message_id or "").strip("<>").partition("@")[0]


def _free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def certificate(folder, name="localhost"):
    """Write a certificate for *name*, by nobody but itself; return its file's path."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names = [x509.DNSName(name)]
    if name == "localhost":
        names.append(x509.IPAddress(ip_address("127.0.0.1")))
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(names), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
