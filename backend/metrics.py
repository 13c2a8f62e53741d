"""What an operator watches: requests, the writer, what waits. Prometheus' own format."""

from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 8.0)
_COMMANDS = (1, 2, 4, 8, 16, 32, 64)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """One service's counters. They hold routes and numbers, nothing about a person."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "smartics_requests",
            "Requests answered.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "smartics_request_seconds",
            "Seconds until the answer began.",
            ["route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._batch = Histogram(
            "smartics_commit_commands",
            "Commands that shared one commit.",
            buckets=_COMMANDS,
            registry=self._registry,
        )
        self._commit = Histogram(
            "smartics_commit_seconds",
            "Seconds of a commit with its commands.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._lost = Counter(
            "smartics_commits_failed",
            "Commits that failed; their commands were not acknowledged.",
            registry=self._registry,
        )
        self._gauges: dict[str, Gauge] = {}

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def committed(self, commands: int, seconds: float, kept: bool) -> None:
        """Count a commit. Called on the store's thread."""
        self._batch.observe(commands)
        self._commit.observe(seconds)
        if not kept:
            self._lost.inc()

    def set(self, name: str, help_: str, value: float) -> None:
        """Set a number that is counted when it is asked for."""
        if name not in self._gauges:
            self._gauges[name] = Gauge(f"smartics_{name}", help_, registry=self._registry)
        self._gauges[name].set(value)

    def text(self) -> bytes:
        """Write everything down."""
        return generate_latest(self._registry)


class Counted:
    """Counts every request that passes."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = perf_counter()

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                # The pattern, never the path: a path may be a secret.
                route = getattr(scope.get("route"), "path", "none")
                took = perf_counter() - begun
                self._metrics.answered(scope["method"], route, message["status"], took)
            await send(message)

        await self._app(scope, receive, send_counted)
