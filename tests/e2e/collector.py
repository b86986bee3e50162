"""An OpenTelemetry collector for tests: takes spans over OTLP/HTTP as the real one does, and keeps them."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True, slots=True)
class Seen:
    """A span as it was sent. Ids in hexadecimal."""

    service: str
    name: str
    trace: str
    span: str
    parent: str
    attributes: dict[str, str]


@dataclass(slots=True)
class Collector:
    """What has arrived so far. `raw` is every byte of it, to look for what must not be there."""

    url: str
    spans: list[Seen] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    _arrived: threading.Condition = field(default_factory=threading.Condition)

    def take(self, body: bytes) -> None:
        """Keep what a service has sent."""
        sent = ExportTraceServiceRequest.FromString(body)
        with self._arrived:
            self.raw += body
            for resource in sent.resource_spans:
                names = {a.key: a.value.string_value for a in resource.resource.attributes}
                for scope in resource.scope_spans:
                    for span in scope.spans:
                        self.spans.append(
                            Seen(
                                names["service.name"],
                                span.name,
                                span.trace_id.hex(),
                                span.span_id.hex(),
                                span.parent_span_id.hex(),
                                {a.key: str(a.value.string_value or a.value.int_value) for a in span.attributes},
                            )
                        )
            self._arrived.notify_all()

    def of_trace(self, trace: str, enough: Callable[[list[Seen]], bool]) -> list[Seen]:
        """The spans of a trace, as soon as they are enough; all that came, when the time is over."""
        return self._found(lambda span: span.trace == trace, enough)

    def first(self, wanted: Callable[[Seen], bool]) -> Seen:
        """The first such span, as soon as it is there."""
        return self._found(wanted, bool)[0]

    def _found(self, wanted: Callable[[Seen], bool], enough: Callable[[list[Seen]], bool]) -> list[Seen]:
        deadline = time.monotonic() + 15
        with self._arrived:
            while True:
                found = [span for span in self.spans if wanted(span)]
                left = deadline - time.monotonic()
                if enough(found) or left <= 0:
                    return found
                self._arrived.wait(left)


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector on a free port, in a thread of its own: exporters send from threads and wait for the answer."""
    collector = Collector("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    collector.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
