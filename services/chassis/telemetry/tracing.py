"""Traces that follow a fact from a request through the broker into a projection (W3C trace context)."""

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Final

from opentelemetry import context as otel
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR: Final = TraceContextTextMapPropagator()


def inject(headers: MutableMapping[str, str]) -> MutableMapping[str, str]:
    """Write the current trace into headers, if there is one. Returns the same mapping."""
    _PROPAGATOR.inject(headers)
    return headers


def traceparent() -> str | None:
    """The current trace as the value of one header, to be stored with a fact."""
    return inject({}).get("traceparent")


def extract(headers: Mapping[str, str]) -> otel.Context:
    """The trace that headers speak of; an empty one if they are silent or malformed."""
    return _PROPAGATOR.extract(headers, context=otel.Context())


class Tracing:
    """The tracer of one service.

    Without a collector traces still have their ids, so that logs and messages agree; nothing else is kept of them, and
    nobody is told that a trace was recorded.
    """

    def __init__(self, service: str, *, endpoint: str | None = None, exporter: SpanExporter | None = None) -> None:
        """Give `exporter` to receive spans at once (tests), or `endpoint` to send them in batches."""
        self.exports = exporter is not None or endpoint is not None
        """Whether anybody receives the spans. Work that would make thousands a second asks first."""
        self._provider = TracerProvider(
            sampler=ALWAYS_ON if self.exports else ALWAYS_OFF,
            resource=Resource({SERVICE_NAME: f"reluth-{service}"}),
            shutdown_on_exit=False,
        )
        if exporter is not None:
            self._provider.add_span_processor(SimpleSpanProcessor(exporter))
        elif endpoint is not None:
            sender = OTLPSpanExporter(endpoint=endpoint.rstrip("/") + "/v1/traces")
            self._provider.add_span_processor(BatchSpanProcessor(sender))
        self._tracer = self._provider.get_tracer("reluth")

    @contextmanager
    def span(
        self,
        name: str,
        *,
        headers: Mapping[str, str] | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        **attributes: str | int | float | bool,
    ) -> Iterator[Span]:
        """A span around a block, continuing the trace in `headers` when given.

        Attributes are codes, names and numbers. An exception marks the span with its type; its message, which may
        quote data, is not recorded.
        """
        with self._tracer.start_as_current_span(
            name,
            context=extract(headers) if headers is not None else None,
            kind=kind,
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except Exception as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def beside(
        self,
        name: str,
        parent: Mapping[str, str] | Span,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Mapping[str, str | int] | None = None,
    ) -> Span:
        """A span under the trace that headers speak of, or under another span, without becoming the current one.

        For work on many facts at once. The caller ends it.
        """
        context = extract(parent) if isinstance(parent, Mapping) else set_span_in_context(parent, otel.Context())
        return self._tracer.start_span(name, context=context, kind=kind, attributes=attributes)

    def close(self) -> None:
        """Send what is left, then stop."""
        self._provider.shutdown()


__all__ = ["SpanKind", "Tracing", "extract", "inject", "traceparent"]
