"""Logs that cannot carry a patient's text, traces that go on in the next service, metrics of one's own."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services.chassis.telemetry.logs import ALLOWED, configure_logging, logger_of
from services.chassis.telemetry.metrics import Metrics
from services.chassis.telemetry.tracing import Tracing, inject, traceparent
from tests.unit.chassis.served import Served, serve

TEXT = "Jean Dupont, born 1950"


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return serve(tmp_path)


def logged(event: str, **fields: Any) -> dict[str, Any]:
    stream = io.StringIO()
    logger_of("things", "debug", stream).info(event, **fields)
    line: dict[str, Any] = json.loads(stream.getvalue())
    return line


# ---- logs


def test_a_listed_key_with_a_code_is_written() -> None:
    line = logged("relay-sent", position=17, topic="reluth.enrolment", seconds=0.5, route="/a/{b}")
    assert (line["event"], line["service"], line["position"], line["topic"]) == (
        "relay-sent",
        "things",
        17,
        "reluth.enrolment",
    )
    assert "withheld" not in line


def test_a_key_that_is_not_listed_is_dropped_and_named() -> None:
    line = logged("something", note="harmless", position=1)
    assert "note" not in line
    assert line["withheld"] == ["note"]


@pytest.mark.parametrize("value", [TEXT, "a b", "é", "x" * 201, {"a": 1}, [TEXT], object(), b"bytes", ["a"] * 101])
def test_a_value_that_is_no_code_is_dropped(value: object) -> None:
    line = logged("something", actor=value)
    assert "actor" not in line
    assert line["withheld"] == ["actor"]


@pytest.mark.parametrize("event", [TEXT, "Something", "", "two words", f"failed: {TEXT}"])
def test_an_event_that_is_a_text_is_withheld(event: str) -> None:
    assert logged(event)["event"] == "withheld"


@given(st.dictionaries(st.text(max_size=10).filter(lambda k: k != "event"), st.text(max_size=30), max_size=5))
def test_whatever_is_logged_only_listed_keys_come_out(fields: dict[str, str]) -> None:
    allowed = ALLOWED | {"timestamp", "level", "event", "withheld", "template"}
    assert logged("something", **fields).keys() <= allowed


def test_an_exception_is_its_types_and_its_place() -> None:
    stream = io.StringIO()
    try:
        try:
            raise ValueError(TEXT)
        except ValueError as inner:
            raise RuntimeError(TEXT) from inner
    except RuntimeError:
        logger_of("things", stream=stream).error("it-broke", exc_info=True)
    line = json.loads(stream.getvalue())
    assert line["error_types"] == ["RuntimeError", "ValueError"]
    assert line["error_at"][0].startswith("test_telemetry.py:")
    assert "Dupont" not in stream.getvalue()


def test_a_log_that_cannot_be_written_fails_nobody() -> None:
    stream = io.StringIO()
    stream.close()
    logger_of("things", stream=stream).info("something")


@pytest.fixture
def library_lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure_logging("info", stream)
    yield stream
    root.handlers, root.level = handlers, level
    logging.getLogger("uvicorn.access").disabled = False


def test_a_library_says_that_it_warned_and_no_more(library_lines: io.StringIO) -> None:
    logging.getLogger("some.library").warning("could not take %s", TEXT)
    logging.getLogger("some.library").info("took %s", TEXT)
    [line] = [json.loads(text) for text in library_lines.getvalue().splitlines()]
    assert (line["event"], line["logger"], line["level"]) == ("library-message", "some.library", "warning")
    assert "Dupont" not in library_lines.getvalue()


def test_a_trusted_library_is_heard_with_harmless_arguments(library_lines: io.StringIO) -> None:
    logging.getLogger("aiokafka.conn").warning("broker %s said %s to %d", "localhost:9092", ValueError(TEXT), 3)
    [line] = [json.loads(text) for text in library_lines.getvalue().splitlines()]
    assert line["template"] == "broker localhost:9092 said ValueError to 3"


def test_query_strings_are_not_written_by_the_server(library_lines: io.StringIO) -> None:
    logging.getLogger("uvicorn.access").info('%s - "%s %s"', "127.0.0.1", "GET", f"/x?name={TEXT}")
    assert library_lines.getvalue() == ""


async def test_a_request_is_one_line_without_its_query(served: Served) -> None:
    async with served.client(**served.token("sponsor", actor="u-9")) as client:
        await client.get("/things", params={"cursor": TEXT, "x": "Dupont"})
        await client.get("/health/live")
    [line] = [line for line in served.lines() if line["level"] == "info"]
    expected = {"event": "request-answered", "method": "GET", "route": "/things", "status": 400, "actor": "u-9"}
    assert expected.items() <= line.items()
    assert line["duration_ms"] > 0
    assert "Dupont" not in served.logs.getvalue()


# ---- traces


def test_a_trace_goes_on_over_headers() -> None:
    exporter = InMemorySpanExporter()
    tracing = Tracing("a", exporter=exporter)
    with tracing.span("first", position=1):
        headers = dict(inject({}))
        assert headers["traceparent"] == traceparent()
    assert traceparent() is None
    with Tracing("b", exporter=exporter).span("second", headers=headers):
        pass
    first, second = exporter.get_finished_spans()
    assert second.context is not None
    assert first.context is not None
    assert second.context.trace_id == first.context.trace_id
    assert second.parent is not None
    assert second.parent.span_id == first.context.span_id


@pytest.mark.parametrize("header", ["", "nonsense", "00-0-0-00", "00-" + "0" * 32 + "-" + "0" * 16 + "-01"])
def test_a_malformed_trace_begins_a_new_one(header: str) -> None:
    exporter = InMemorySpanExporter()
    with Tracing("a", exporter=exporter).span("only", headers={"traceparent": header}):
        pass
    assert exporter.get_finished_spans()[0].parent is None


def test_a_span_keeps_the_type_of_an_exception_and_not_its_message() -> None:
    exporter = InMemorySpanExporter()
    with pytest.raises(ValueError, match="Dupont"), Tracing("a", exporter=exporter).span("broken"):
        raise ValueError(TEXT)
    [span] = exporter.get_finished_spans()
    assert span.status.description == "ValueError"
    assert "Dupont" not in span.to_json()


async def test_a_request_is_a_span_with_its_route_and_without_its_path(served: Served) -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    async with served.client(traceparent=parent) as client:
        await client.get("/open/Dupont", params={"q": TEXT})
    [span] = served.spans.get_finished_spans()
    assert span.name == "GET /open/{name}"
    assert span.context is not None
    assert f"{span.context.trace_id:032x}" == parent.split("-")[1]
    assert "Dupont" not in span.to_json()


# ---- metrics


def test_two_services_in_one_process_do_not_mix() -> None:
    one, two = Metrics("one"), Metrics("two")
    one.request("GET", "/x", 200, 0.01)
    assert b'service="one"' in one.render()
    assert b'service="one"' not in two.render()


async def test_metrics_count_by_route_template_alone(served: Served) -> None:
    async with served.client() as client:
        for path in ("/open/Dupont", "/open/Martin", "/no/Dupont"):
            await client.get(path)
        await client.request("BREW", "/open/x")
        shown = (await client.get("/metrics")).text
    assert (
        'reluth_http_request_seconds_count{method="GET",route="/open/{name}",service="things",status="200"} 2.0'
        in shown
    )
    assert 'method="GET",route="unmatched",service="things",status="404"' in shown
    assert 'method="OTHER",route="unmatched"' in shown
    assert "Dupont" not in shown
    assert "BREW" not in shown
