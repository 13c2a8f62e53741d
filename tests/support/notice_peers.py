"""Peers of notices: a real mail server, and an HTTP server that speaks the provider's format."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any
from urllib.parse import parse_qs

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

ACCOUNT = "AC" + "0" * 31 + "1"
TOKEN = "12345"


@dataclass
class MailServer:
    """An aiosmtpd server. What it shall do wrong is set in `fault` before a mail comes."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    was_tls: list[bool] = field(default_factory=list)
    fault: str = ""
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Refuse, or take a recipient."""
        if self.fault[:1] in ("4", "5"):
            return f"{self.fault} no mailbox {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail; the answer may never come."""
        if self.fault == "cut before":
            _cut(server)
            return ""
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.was_tls.append(session.ssl is not None)
        self.arrived.release()
        if self.fault == "cut after":
            _cut(server)
        if self.fault == "slow":
            await asyncio.sleep(1)
        return "250 OK"

    def wait(self) -> EmailMessage:
        """Return the next mail."""
        assert self.arrived.acquire(timeout=20)
        return self.mails[-1]


def _cut(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


def _allow(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    fits = isinstance(data, LoginPassword) and data == LoginPassword(b"office", b"secret")
    return AuthResult(success=fits, handled=False)


@contextmanager
def mail_server(
    tls: SSLContext | None = None, *, implicit: bool = False, with_password: bool = False
) -> Iterator[MailServer]:
    """Run a mail server on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        peer = MailServer(listener.getsockname()[1])

        def protocol() -> SMTP:
            return SMTP(
                peer,
                hostname="mail.example",
                tls_context=None if implicit else tls,
                require_starttls=tls is not None and not implicit,
                auth_required=with_password,
                authenticator=_allow if with_password else None,
            )

        loop = asyncio.new_event_loop()
        serving = loop.run_until_complete(
            loop.create_server(protocol, sock=listener, ssl=tls if implicit else None)
        )
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        try:
            yield peer
        finally:
            asyncio.run_coroutine_threadsafe(_stop(serving), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()


async def _stop(serving: asyncio.Server) -> None:
    serving.close()
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def certificate(folder: Path) -> tuple[SSLContext, Path]:
    """Make a certificate of 127.0.0.1; return the server's context and the file to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)  # noqa: TID251 (TLS looks at the machine's clock)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "mail.crt", folder / "mail.key"
    public.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public


@dataclass
class SmsProvider:
    """Answers as the provider's documentation says; `answers` are given before the usual 201."""

    address: str = ""
    texts: list[dict[str, str]] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    answers: list[tuple[int, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    hold: threading.Event | None = None
    is_cutting: bool = False


@contextmanager
def sms_provider() -> Iterator[SmsProvider]:
    """Run the provider on a free port."""
    peer = SmsProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            peer.paths.append(self.path)
            peer.authorizations.append(self.headers["Authorization"])
            peer.texts.append({name: values[0] for name, values in parse_qs(body).items()})
            if peer.hold is not None:
                peer.hold.wait(10)
            if peer.is_cutting:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            sid = f"SM{len(peer.texts):032x}"
            made = {"sid": sid, "status": "queued", "error_code": None, "error_message": None}
            status, answer, headers = peer.answers.pop(0) if peer.answers else (201, made, {})
            raw = json.dumps(answer).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(raw)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    peer.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield peer
    finally:
        if peer.hold is not None:
            peer.hold.set()
        server.shutdown()
        thread.join(10)
        server.server_close()


def error(code: int, status: int = 400) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Return an error as the provider writes it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    return status, {"code": code, "message": "no", "more_info": more, "status": status}, {}
