"""Headers say all that a message is, and refuse what no relay of ours has written."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events.envelope import Provenance
from contracts.events.wire import (
    Announcement,
    Headers,
    MalformedMessage,
    Mark,
    Message,
    Places,
    from_headers,
    from_record,
    relay_headers,
    to_envelope,
    to_headers,
    value_of,
)
from services.chassis.inbox.conformance import REGISTRY, Noted, Source

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=20)
POSITION = st.integers(1, 2**63 - 1)
MESSAGES = st.builds(
    Message,
    topic=TEXT,
    topic_pos=POSITION,
    key=TEXT,
    key_seq=POSITION,
    out_pos=POSITION,
    source=TEXT,
    event_id=st.uuids(),
    type=TEXT,
    schema=st.integers(1, 2**31 - 1),
    stream=TEXT,
    version=POSITION,
    position=POSITION,
    recorded_at=st.datetimes(datetime(1971, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    chain=st.binary(min_size=32, max_size=32).map(bytes.hex),
    provenance=st.builds(
        Provenance,
        actor=TEXT,
        roles=st.lists(st.sampled_from(["ops", "monitor"]), max_size=2).map(tuple),
        site=st.none() | TEXT,
        correlation_id=st.none() | TEXT,
        causation_id=st.none() | TEXT,
        traceparent=st.none() | TEXT,
    ),
    value=st.binary(),
    occurred_on=st.none() | st.dates(),
)


def read(message: Message, headers: Headers) -> Message:
    return from_headers(message.topic, message.key.encode(), headers, message.value)


@given(MESSAGES)
def test_what_is_written_is_read_back(message: Message) -> None:
    assert read(message, to_headers(message)) == message


def test_it_is_a_cloud_event() -> None:
    """Binary content mode of the Kafka binding: required attributes, prefix `ce_`, media type of the value."""
    headers = dict(to_headers(Source("enrolment").note("01-001", 7)))
    assert headers["ce_specversion"] == b"1.0"
    assert headers["ce_source"] == b"enrolment"
    assert headers["ce_type"] == b"test.noted"
    assert headers["ce_subject"] == b"TRIAL/01-001"
    assert headers["content-type"] == b"application/json"
    assert headers["ce_time"].endswith(b"+00:00")


def test_the_envelope_is_the_fact_with_its_provenance() -> None:
    message = replace(Source().note("01-001", 7), occurred_on=date(2026, 1, 2))
    envelope = to_envelope(message, REGISTRY)
    assert envelope.fact == Noted(study="TRIAL", subject="01-001", number=7)
    assert (envelope.event_id, envelope.chain, envelope.occurred_on) == (
        message.event_id,
        message.chain,
        date(2026, 1, 2),
    )


def test_what_a_reader_would_refuse_does_not_hold_up_the_facts_behind_it() -> None:
    message = Source().note("01-001", 7)
    who = replace(message.provenance, correlation_id="a\x00b", causation_id="", traceparent="00-ab-cd-01")
    found = read(message, to_headers(replace(message, provenance=who))).provenance
    assert (found.correlation_id, found.causation_id, found.traceparent) == (None, None, "00-ab-cd-01")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("ce_specversion", b"0.3", "only CloudEvents 1.0"),
        ("ce_id", b"7", "ce_id: not a UUID"),
        ("ce_id", None, "ce_id: missing"),
        ("ce_topicpos", b"0", "ce_topicpos: not a whole number"),
        ("ce_topicpos", b"-1", "ce_topicpos: not a whole number"),
        ("ce_topicpos", b"9223372036854775808", "ce_topicpos: not a whole number"),
        ("ce_topicpos", "٣".encode(), "ce_topicpos: not a whole number"),
        ("ce_keyseq", b"1.0", "ce_keyseq: not a whole number"),
        ("ce_schemaversion", b"2147483648", "ce_schemaversion: not a whole number"),
        ("ce_subject", b"TRIAL/01-002", "not the key"),
        ("ce_time", b"yesterday", "ce_time: not an RFC 3339"),
        ("ce_time", b"2026-01-05T08:00:00", "ce_time: without an offset"),
        ("ce_chain", b"ab", "ce_chain: not a SHA-256"),
        ("ce_actor", b"\xff", "ce_actor: not UTF-8"),
        ("ce_actor", b"a\x00", "ce_actor: empty, or contains NUL"),
        ("ce_occurredon", b"05/01/2026", "ce_occurredon: not a date"),
    ],
)
def test_a_malformed_header_is_named(name: str, value: bytes | None, says: str) -> None:
    message = Source().note("01-001", 7)
    kept = [(n, v) for n, v in to_headers(message) if n != name]
    headers = kept if value is None else [*kept, (name, value)]
    with pytest.raises(MalformedMessage, match=says):
        read(message, headers)


def test_a_header_given_twice_is_refused() -> None:
    message = Source().note("01-001", 7)
    with pytest.raises(MalformedMessage, match="ce_type: given twice"):
        read(message, [*to_headers(message), ("ce_type", b"test.other")])


@pytest.mark.parametrize(("key", "value"), [(None, b"{}"), (b"k", None)])
def test_a_record_without_key_or_value_is_refused(key: bytes | None, value: bytes | None) -> None:
    with pytest.raises(MalformedMessage, match="no key or no value"):
        from_headers("t", key, to_headers(Source().note("01-001", 7)), value)


# ---- what a relay says of itself

CHAIN = st.binary(min_size=32, max_size=32).map(bytes.hex)
PLACES = st.builds(Places, POSITION, st.integers(0, 2**63 - 1), POSITION, st.lists(CHAIN, max_size=4).map(tuple))
OWN = st.builds(Mark, TEXT, TEXT, st.uuids(), POSITION) | st.builds(
    Announcement, TEXT, TEXT, st.uuids(), st.dictionaries(TEXT, PLACES, max_size=3)
)


@given(OWN | MESSAGES)
def test_any_record_is_read_back_as_what_it_is(record: Mark | Announcement | Message) -> None:
    if isinstance(record, Message):
        assert from_record(record.topic, record.key.encode(), to_headers(record), record.value) == record
    else:
        assert from_record(record.topic, None, relay_headers(record), value_of(record)) == record


def test_a_relays_own_records_are_cloud_events_apart_from_the_facts() -> None:
    mark = Mark("t", "enrolment", UUID(int=7), 6)
    said = Announcement("t", "enrolment", UUID(int=7), {})
    for record, type_ in ((mark, b"relay.marked"), (said, b"relay.announced")):
        headers = dict(relay_headers(record))
        assert (headers["ce_specversion"], headers["ce_type"]) == (b"1.0", type_)
        with pytest.raises(MalformedMessage, match="no key"):
            from_headers("t", None, relay_headers(record), value_of(record))
    ids = {dict(relay_headers(r))["ce_id"] for r in (mark, said, replace(mark, topic="u"), replace(said, topic="u"))}
    assert len(ids) == 4, "an id is that of one record, of one topic"


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"[]",
        b"{}",
        b'{"topics":[]}',
        b'{"topics":{"t":{}}}',
        b'{"topics":{"t":{"partitions":0,"count":0,"first":1,"chains":[]}}}',
        b'{"topics":{"t":{"partitions":1,"count":-1,"first":1,"chains":[]}}}',
        b'{"topics":{"t":{"partitions":1,"count":0,"first":true,"chains":[]}}}',
        b'{"topics":{"t":{"partitions":1,"count":0,"first":1,"chains":["ab"]}}}',
        b'{"topics":{"t":{"partitions":1,"count":0,"first":1,"chains":[7]}}}',
    ],
)
def test_an_announcement_that_is_none_is_refused(value: bytes | None) -> None:
    headers = relay_headers(Announcement("t", "source", UUID(int=7), {}))
    with pytest.raises(MalformedMessage, match=r"relay\.announced: its value is not one"):
        from_record("t", None, headers, value)
