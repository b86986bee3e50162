"""What the benchmarks count as lost, doubled or out of order: an audit that finds nothing must have looked."""

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.load import PER_STREAM, Audit, Feed, audit, place

COUNTS = st.lists(st.integers(0, 3 * PER_STREAM), min_size=1, max_size=4)


def feed_of(counts: list[int]) -> Feed:
    """What a log holds that kept everything: the writers' events in turns."""
    feed: Feed = []
    for number in range(max(counts)):
        for writer, count in enumerate(counts):
            if number < count:
                stream, expected = place(writer, number)
                feed.append((len(feed) + 1, stream, expected + 1))
    return feed


@given(COUNTS)
def test_a_log_that_kept_everything_holds(counts: list[int]) -> None:
    found = audit(counts, feed_of(counts))
    assert found == Audit(sum(counts), 0, 0, 0, 0, 0)
    assert found.holds


@given(COUNTS.filter(any), st.data())
def test_an_event_that_is_missing_is_lost_and_leaves_a_hole(counts: list[int], data: st.DataObject) -> None:
    feed = feed_of(counts)
    at = data.draw(st.integers(0, len(feed) - 1))
    gone = feed.pop(at)
    found = audit(counts, feed)
    assert found.lost == 1
    assert found.holes == (1 if 0 < at < len(feed) else 0)
    assert bool(found.disorder) == any(stream == gone[1] and version > gone[2] for _, stream, version in feed)
    assert not found.holds


@given(COUNTS.filter(any), st.data())
def test_an_event_that_is_there_twice_is_doubled(counts: list[int], data: st.DataObject) -> None:
    feed = feed_of(counts)
    _, stream, version = data.draw(st.sampled_from(feed))
    found = audit(counts, [*feed, (len(feed) + 1, stream, version)])
    assert (found.lost, found.doubled) == (0, 1)
    assert not found.holds


@given(COUNTS)
def test_an_event_that_nobody_was_told_of_is_unasked(counts: list[int]) -> None:
    feed = feed_of(counts)
    found = audit(counts, [*feed, (len(feed) + 1, *place(len(counts), 0))])
    assert (found.lost, found.unasked) == (0, 1)
    assert not found.holds


def test_two_events_of_a_stream_in_the_wrong_order_are_disorder() -> None:
    found = audit([2], [(1, 0, 2), (2, 0, 1)])
    assert (found.lost, found.doubled, found.disorder) == (0, 0, 2)
    assert not found.holds
