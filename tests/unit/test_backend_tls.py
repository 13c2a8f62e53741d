"""The stations' own listener: TLS 1.3, the backend's own authority, nothing at the other door."""

import json
import socket
import ssl
import subprocess
import sys
from dataclasses import replace

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from backend import authority
from common.domain.clock import system_clock
from common.station.config import read
from common.station.identity import load
from common.station.pairing import client_of
from common.station.software import software
from common.sync.client import BackendUnreachableError, RefusedError
from hardware.simulation.ports import steady_ports
from tests.support.served import ROOT, served


@pytest.fixture(params=["none", "required"])
def backend(tmp_path, request):
    port = steady_ports(1)[0]
    tls = {"port": port, "names": ["127.0.0.1"], "client_certificate": request.param}
    folder = tmp_path / "backend"
    folder.mkdir()
    with served(folder, "backend.sqlite", tls=tls) as running:
        yield running, port, request.param


def smartics(*words: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "office", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def paired(folder, running, port, public):
    """Pair a station as the operator and a technician do, by the two commands."""
    folder.mkdir()
    file = folder / "station.toml"
    file.write_text(
        '[station]\nname = "tag-1"\nkind = "tag"\noffice = "HQ"\n'
        f'[backend]\naddress = "https://127.0.0.1:{port}"\nkey = "file:station.key"\n'
    )
    offered = smartics(
        *("backend", "pair", "--config", running.config, "--station", "tag-1", "--json")
    )
    code = json.loads(offered)["code"]
    told = smartics("station", "pair", "--config", file, "--code", code, *public)
    assert "tag-1 is paired until" in told
    return read(file)


def test_a_station_pairs_and_speaks_over_tls_and_the_public_s_port_knows_none(backend, tmp_path):
    running, port, asked = backend
    public = f"http://127.0.0.1:{running.port}"
    config = paired(
        tmp_path / "kiosk", running, port, ("--at", public) if asked == "required" else ()
    )
    identity = load(config)
    client = client_of(config, identity, system_clock)
    assert client.hello(software()).station == "tag-1"

    # The same signed call at the public's port finds nothing; the public's pages are there.
    astray = client_of(replace(config, backend_address=public), identity, system_clock)
    with pytest.raises(RefusedError, match="404 not_found"):
        astray.hello(software())
    assert httpx.get(f"{public}/v1/health", trust_env=False).status_code == 200

    # A backend that another authority certified is none.
    other = tmp_path / "other.pem"
    other.write_bytes(authority.make(system_clock()).certificate.public_bytes(Encoding.PEM))
    believing = client_of(config, replace(identity, authority_file=other), system_clock)
    with pytest.raises(BackendUnreachableError, match="SSLError"):
        believing.hello(software())

    # Who shows no certificate is let in where none is asked for.
    bare = client_of(config, replace(identity, channel=None), system_clock)
    if asked == "none":
        assert bare.hello(software()).station == "tag-1"
    else:
        with pytest.raises(BackendUnreachableError):
            bare.hello(software())

    # TLS 1.2 is too old.
    context = ssl.create_default_context(cafile=str(identity.authority_file))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        socket.create_connection(("127.0.0.1", port)) as line,
        pytest.raises(ssl.SSLError),
        context.wrap_socket(line, server_hostname="127.0.0.1"),
    ):
        pass
