"""The client tells a refusal from silence, whatever comes back."""

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar

import pytest

from common.sync.client import BackendClient, BackendUnreachableError, RefusedError
from common.wire.facts import new_id
from common.wire.shapes import CaseFind, SignInRequest
from hardware.simulation.ports import steady_ports
from tests.support.identities import any_signer


class Answers(BaseHTTPRequestHandler):
    status = 200
    body = b"{}"
    seen: ClassVar[list[tuple[str, dict[str, str], bytes]]] = []

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        type(self).seen.append((self.path, dict(self.headers), self.rfile.read(length)))
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def do_GET(self):
        self.do_POST()

    def log_message(self, *_):
        pass


@pytest.fixture
def backend():
    handler = type("Handler", (Answers,), {"seen": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    client = BackendClient(f"http://127.0.0.1:{server.server_port}/", any_signer())
    yield handler, client
    server.shutdown()
    server.server_close()


def test_a_refusal_carries_the_backend_s_word(backend):
    handler, client = backend
    handler.status, handler.body = 403, b'{"problem": "wrong_sign_in", "detail": "no"}'
    with pytest.raises(RefusedError) as told:
        client.sign_in(SignInRequest(officer_id="lam", password="x"))
    assert (told.value.status, told.value.problem) == (403, "wrong_sign_in")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'{"detail": 1}'])
def test_a_refusal_without_a_word_is_still_a_refusal(backend, body):
    handler, client = backend
    handler.status, handler.body = 422, body
    with pytest.raises(RefusedError, match="422 unknown"):
        client.sign_in(SignInRequest(officer_id="lam", password="x"))


@pytest.mark.parametrize(("status", "body"), [(500, b"{}"), (503, b""), (200, b"<html>")])
def test_an_answer_that_is_none_means_unreachable(backend, status, body):
    handler, client = backend
    handler.status, handler.body = status, body
    with pytest.raises(BackendUnreachableError) as told:
        client.find_case(CaseFind(case_id=new_id()))
    assert "<html>" not in str(told.value)


def test_no_case_is_none(backend):
    handler, client = backend
    handler.status, handler.body = 404, b'{"problem": "not_found"}'
    assert client.find_case(CaseFind(case_id=new_id())) is None


def test_what_was_read_is_kept_by_nobody_else(backend):
    handler, client = backend
    handler.body = (
        b'{"case_id": "01a2b3c4-0000-7000-8000-000000000001", "state": "form_done", "tag": null,'
        b' "identity_number": "Z683365(5)", "particulars": {"address": "Flat Z, Nowhere House"},'
        b' "missing": [], "done": [], "old_document": "old_card", "collection_office": "HQ"}'
    )
    case = client.find_case(CaseFind(case_id=new_id()))
    holders = [sys.getrefcount(case.identity_number), sys.getrefcount(case.particulars.address)]
    assert holders == [2, 2], "the case and the question itself: pydantic has no cache of it"


def test_nobody_listens():
    client = BackendClient(f"http://127.0.0.1:{steady_ports(1)[0]}", any_signer())
    assert not client.healthy()


def test_every_request_says_who_and_every_command_has_its_key(backend):
    handler, client = backend
    client.sign_out("session-token")
    path, headers, _ = handler.seen[0]
    assert path == "/v1/officers/sign-out"
    assert headers["X-Officer"] == "session-token"
    assert headers["Idempotency-Key"]
    assert '"idempotency-key" "x-officer")' in headers["Signature-Input"]
