"""Other systems at the far end of OSIA's interfaces: a subscriber, and a credential system."""

import json
import threading
from collections import deque
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Peer:
    """Answers with what is laid out, else with yes, and keeps what came."""

    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}"
        self.answers: deque[tuple[int, Any]] = deque()
        self.came: list[tuple[str, str, dict[str, str], Any]] = []
        self._arrived = threading.Condition()

    def take(self, method, path, headers, body):
        with self._arrived:
            self.came.append((method, path, headers, json.loads(body) if body else None))
            self._arrived.notify_all()
            return self.answers.popleft() if self.answers else self.usual(method, path, body)

    def usual(self, method, path, body):  # noqa: ARG002 (a subscriber takes anything)
        return 200, {}

    def wait(self, count, seconds=20):
        """Return what came once that many have come."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.came) >= count, seconds), self.came
            return list(self.came)


class CredentialSystem(Peer):
    """Speaks OSIA's CMS interface as far as it is asked: create a request, read it."""

    def __init__(self, port):
        super().__init__(port)
        self.requests = {}

    def usual(self, method, path, body):
        id_ = path.partition("?")[0].rpartition("/")[2]
        if method == "POST":
            if id_ in self.requests:
                return 409, {"code": 409, "message": "exists"}
            self.requests[id_] = {**json.loads(body), "status": "PENDING"}
            return 201, {}
        if id_ not in self.requests:
            return 404, {"code": 404, "message": "unknown"}
        return 200, {"credentialRequestId": id_, **self.requests[id_]}

    def issue(self, id_):
        self.requests[id_] |= {"status": "ISSUED", "credentialIds": ["CRED-1"]}


@contextmanager
def listening_peer(kind=Peer):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            status, found = peer.take(self.command, self.path, dict(self.headers), body)
            raw = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = answer  # noqa: N815 (http.server's)

        def handle(self):
            with suppress(ConnectionError):  # the backend reads no more than the status
                super().handle()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        peer = kind(server.server_port)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield peer
        finally:
            server.shutdown()
            thread.join()
