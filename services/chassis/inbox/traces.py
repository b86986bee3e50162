"""The traces that facts bring with them, continued while the inbox stores and folds them."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from uuid import UUID

from opentelemetry.trace import Span

from contracts.events.wire import Message
from services.chassis.telemetry.tracing import SpanKind, Tracing


class Traces:
    """The spans of one fetch, of the facts in it that were recorded under a trace.

    Facts of many requests are stored together, so their spans lie beside each other and none is the current one.
    Nothing is made of them when nobody collects spans: the inbox takes thousands of facts a second.
    """

    def __init__(self, tracing: Tracing) -> None:
        self._tracing = tracing
        self._spans: dict[UUID, Span] = {}

    def received(self, messages: Iterable[Message], until: ExitStack) -> None:
        """Begin a consumer span for each; it ends with `until`, which is the transaction that stores it."""
        if not self._tracing.exports:
            return
        for message in messages:
            if message.provenance.traceparent is None:
                continue
            attributes: dict[str, str | int] = {
                "messaging.system": "kafka",
                "messaging.destination.name": message.topic,
                "reluth.topic_pos": message.topic_pos,
                "reluth.type": message.type,
            }
            parent = {"traceparent": message.provenance.traceparent}
            span = self._tracing.beside(f"receive {message.topic}", parent, SpanKind.CONSUMER, attributes)
            self._spans[message.event_id] = span
            until.callback(span.end)

    @contextmanager
    def folded(self, messages: Iterable[Message]) -> Iterator[None]:
        """A span for each inside that of its receipt, around the folding of all of them."""
        with ExitStack() as until:
            for message in messages:
                if (receipt := self._spans.get(message.event_id)) is not None:
                    until.callback(self._tracing.beside(f"fold {message.type}", receipt).end)
            yield
