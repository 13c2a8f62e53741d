"""Where the service listens: plain for a reverse proxy, and TLS 1.3 for stations where it is set.

No ASGI server hands a client's certificate to the service, so the certificate only guards the
channel; who speaks is always proved by the request's own signature.
"""

import asyncio
import os
import ssl
from datetime import datetime
from pathlib import Path
from tempfile import mkstemp

import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi import FastAPI

from backend.api.access import Service
from backend.authority import Authority
from backend.settings import Settings, TlsSettings

_SERVER_DAYS = 398
_KEEP_ALIVE_S = 60
_CLIENTS = {
    "none": ssl.CERT_NONE,
    "optional": ssl.CERT_OPTIONAL,
    "required": ssl.CERT_REQUIRED,
}


def run(app: FastAPI, settings: Settings) -> None:
    """Serve until told to end."""
    backend = settings.backend
    public = _server(app, host=backend.address, port=backend.port)
    if backend.tls is None:
        public.run()
        return
    asyncio.run(_serve_both(app, public, backend.tls))


def tls_context(own: Authority, tls: TlsSettings, now: datetime) -> ssl.SSLContext:
    """Make the stations' listener, with a new key at each start, certified by our authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = own.server_certificate(key.public_key(), tls.names, now, _SERVER_DAYS)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = _CLIENTS[tls.client_certificate]
    context.load_verify_locations(cadata=own.certificate.public_bytes(Encoding.PEM).decode())
    # OpenSSL takes a key out of a file alone: one that only we can read, for a moment.
    handle, file = mkstemp()
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(pem + certificate.public_bytes(Encoding.PEM))
        context.load_cert_chain(file)
    finally:
        Path(file).unlink()
    return context


async def _serve_both(app: FastAPI, public: uvicorn.Server, tls: TlsSettings) -> None:
    """Serve the public, then stations too. The servers end one after the other, stations first."""
    first = asyncio.create_task(public.serve())
    while not public.started and not first.done():
        await asyncio.sleep(0.01)
    if public.started:
        service: Service = app.state.service
        context = tls_context(service.authority, tls, service.clock())
        stations = _server(
            app,
            host=tls.address,
            port=tls.port,
            lifespan="off",
            ssl_context_factory=lambda _config, _default: context,
        )
        await stations.serve()
    await first


def _server(app: FastAPI, **more: object) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        log_config=None,
        # Addresses of letters and tags are secrets, so requests are not logged.
        access_log=False,
        # Who asked through which proxy is for guards.source to say.
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=2,
        # Stations speak every few seconds; a connection and its handshake last for all of it.
        timeout_keep_alive=_KEEP_ALIVE_S,
        **more,  # type: ignore[arg-type]  # uvicorn's own names
    )
    return uvicorn.Server(config)
