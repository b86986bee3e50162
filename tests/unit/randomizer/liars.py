"""Everything that somebody may do to a bundle who recomputes all that can be recomputed, and what gives it away.

A liar gets the lines of an honest bundle, opened up, and changes them; `told_again` then renews versions, links, hashes
and trailer. `what` is the sentence by which the verifier must name it.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from contracts.events.registry import canonical

from .bundles import Line, of_type, sha

Change = Callable[[list[Line]], list[Line] | None]
LISTED = "listed"


@dataclass(frozen=True)
class Liar:
    """A change, the sentence that names it, and the bundle that it is made to."""

    name: str
    change: Change
    what: str
    bundle: str = "amended"
    renumbered: bool = True


LIARS: list[Liar] = []


def liar(what: str, *, bundle: str = "amended", renumbered: bool = True) -> Callable[[Change], Change]:
    """Register a change. It may change the lines in place, or return others."""

    def register(change: Change) -> Change:
        LIARS.append(Liar(change.__name__, change, what, bundle, renumbered))
        return change

    return register


def payload(lines: list[Line], name: str, nth: int = 0) -> dict[str, Any]:
    """What the n-th fact of a type says."""
    found: dict[str, Any] = of_type(lines, name, nth)["payload"]
    return found


def place(lines: list[Line], name: str, nth: int = 0) -> int:
    """Where the n-th fact of a type stands."""
    return [n for n, line in enumerate(lines) if line.get("type", "").endswith(name)][nth]


def repositioned(lines: list[Line]) -> list[Line]:
    """The lines in their new order, at the positions and times that the old one had."""
    header, *events = lines
    positions = sorted(event["position"] for event in events)
    times = sorted(event["recorded_at"] for event in events)
    placed = zip(events, positions, times, strict=True)
    return [header, *({**event, "position": at, "recorded_at": time} for event, at, time in placed)]


def without(lines: list[Line], *places: int) -> list[Line]:
    return [line for n, line in enumerate(lines) if n not in places]


def everywhere(lines: list[Line], change: Callable[[dict[str, Any]], object]) -> None:
    """Change the first version's configuration wherever its text stands, and its hash wherever that stands."""
    texts = [payload(lines, "allocation-drafted"), payload(lines, "allocation-configured")]
    old = sha(canonical(texts[0]["configuration"]))
    for text in texts:
        change(text["configuration"])
    for line in lines[1:]:
        if line["payload"].get("configuration_sha256") == old:
            line["payload"]["configuration_sha256"] = sha(canonical(texts[0]["configuration"]))


# --- the text


@liar("the stream is not that of the study's allocation")
def says_that_it_is_another_stream(lines: list[Line]) -> None:
    lines[0]["stream"] = "allocation-OTHER"


@liar("it is not of this stream")
def takes_an_event_of_another_stream(lines: list[Line]) -> None:
    of_type(lines, "recruitment-paused")["stream"] = "allocation-OTHER"


@liar("its time is not written in UTC with microseconds")
def writes_a_time_in_another_zone(lines: list[Line]) -> None:
    event = of_type(lines, "recruitment-paused")
    event["recorded_at"] = event["recorded_at"].replace("+00:00", "+01:00")


@liar("its fields are not those of an event")
def adds_a_field(lines: list[Line]) -> None:
    of_type(lines, "recruitment-paused")["note"] = "Nobody was randomized by hand"


@liar("its fields are not those of an event")
def writes_a_truth_for_a_number(lines: list[Line]) -> None:
    of_type(lines, "recruitment-paused")["schema"] = True


@liar("the trace recorded is not the one derived")
def writes_a_truth_for_a_one(lines: list[Line]) -> None:
    trace = payload(lines, "draw-recorded")["trace"]
    assert trace["block"] == 1
    trace["block"] = True


@liar("it was recorded earlier than the one before")
def dates_an_event_back(lines: list[Line]) -> None:
    of_type(lines, "recruitment-paused")["recorded_at"] = "2022-01-01T00:00:00.000000+00:00"


@liar("its version does not follow the one before: removed, repeated or moved", renumbered=False)
def leaves_an_event_out_and_hashes_the_rest(lines: list[Line]) -> list[Line]:
    return without(lines, place(lines, "recruitment-paused"), place(lines, "recruitment-resumed"))


@liar("its position does not come after the one before")
def gives_two_events_one_position(lines: list[Line]) -> None:
    n = place(lines, "recruitment-paused")
    lines[n]["position"] = lines[n - 1]["position"]


@liar("it is not linked to the event before it", renumbered=False)
def links_an_event_to_another(lines: list[Line]) -> None:
    n = place(lines, "seed-sealed")
    lines[n]["before"] = lines[n - 2]["hash"]


# --- the facts as a whole


@liar("it comes after the lock")
def goes_on_after_the_lock(lines: list[Line]) -> list[Line]:
    last = lines[-1]
    later = {**of_type(lines, "cap-changed"), "position": last["position"] + 1, "recorded_at": last["recorded_at"]}
    return [*lines, later]


@liar("it is of another study")
def takes_a_fact_of_another_study(lines: list[Line]) -> None:
    payload(lines, "recruitment-paused")["study"] = "OTHER"


@liar("a fact of a kind that is not known here")
def invents_a_kind_of_fact(lines: list[Line]) -> None:
    of_type(lines, "recruitment-paused")["type"] = "randomization.arm-exchanged"


@liar("a fact of a kind that is not known here")
def uses_a_newer_schema(lines: list[Line]) -> None:
    of_type(lines, "recruitment-paused")["schema"] = 2


@liar("the lock, with which every bundle ends, is not there")
def cuts_the_end_off(lines: list[Line]) -> list[Line]:
    return without(lines, len(lines) - 1)


@liar("randomizer.evidence-bound and randomizer.draw-recorded were not recorded together")
def records_a_draw_later(lines: list[Line]) -> None:
    for name in ("draw-recorded", "subject-randomized", "arm-allocated"):
        of_type(lines, name)["recorded_at"] = of_type(lines, "arm-allocated")["recorded_at"].replace(":00.", ":01.")


@liar("randomization.allocation-activated and randomization.commitment-stamped were not recorded together")
def leaves_the_stamp_out(lines: list[Line]) -> list[Line]:
    return without(lines, place(lines, "commitment-stamped"))


@liar("randomizer.draw-recorded and randomization.subject-randomized were not recorded together")
def puts_another_name_under_a_subject(lines: list[Line]) -> None:
    of_type(lines, "subject-randomized")["meta"]["actor"] = "somebody-else"


# --- how a version comes into force


@liar("it signs another version than the newest")
def signs_an_old_version(lines: list[Line]) -> None:
    payload(lines, "allocation-signed", 2)["version"] = 1


@liar("it signs what is in force already")
def signs_afterwards(lines: list[Line]) -> list[Line]:
    signed, activated = place(lines, "allocation-signed", 1), place(lines, "commitment-stamped")
    rest = without(lines, signed)
    return repositioned([*rest[:activated], lines[signed], *rest[activated:]])


@liar("it signs another text than was drafted")
def had_another_text_signed(lines: list[Line]) -> None:
    payload(lines, "allocation-signed")["configuration_sha256"] = "1" * 64


@liar("the same person signs twice")
def signs_for_two(lines: list[Line]) -> None:
    of_type(lines, "allocation-signed", 1)["meta"]["actor"] = of_type(lines, "allocation-signed", 0)["meta"]["actor"]


@liar("fewer than two persons had signed it")
def activates_alone(lines: list[Line]) -> list[Line]:
    return without(lines, place(lines, "allocation-signed", 1))


@liar("it is not the text that was signed")
def configures_what_nobody_signed(lines: list[Line]) -> None:
    payload(lines, "allocation-configured")["configuration"]["block_sizes"] = [4]


@liar("it is not the text that was signed")
def configures_by_another_protocol_file(lines: list[Line]) -> None:
    payload(lines, "allocation-configured")["protocol_sha256"] = "1" * 64


@liar("it is of another commitment")
def stamps_another_commitment(lines: list[Line]) -> None:
    payload(lines, "commitment-stamped")["commitment"] = "1" * 64


@liar("the stamp is over another hash than the commitment")
def takes_a_stamp_of_another_version(lines: list[Line]) -> None:
    payload(lines, "commitment-stamped")["token"] = payload(lines, "commitment-stamped", 1)["token"]


@liar("the stamp says another time")
def says_that_it_was_stamped_earlier(lines: list[Line]) -> None:
    payload(lines, "commitment-stamped")["stamped_at"] = "2022-02-01T09:00:00Z"


@liar("its number is not the next one")
def skips_a_version(lines: list[Line]) -> None:
    payload(lines, "allocation-drafted", 1)["version"] = 3


@liar("its configuration is of another study")
def drafts_for_another_study(lines: list[Line]) -> None:
    everywhere(lines, lambda text: text.update(study="OTHER"))


@liar("test and production are mixed")
def calls_a_test_production(lines: list[Line]) -> None:
    everywhere(lines, lambda text: text.update(kind="test"))


@liar("its scheme is not known here")
def names_another_scheme(lines: list[Line]) -> None:
    everywhere(lines, lambda text: text.update(scheme="reluth/permuted-blocks/2"))


@liar("it changes arms that subjects are allocated by")
def changes_the_arms(lines: list[Line]) -> None:
    for name in ("allocation-drafted", "allocation-configured"):
        payload(lines, name, 1)["configuration"]["arms"][0]["ratio"] = 2


@liar("it changes factors that subjects are allocated by")
def changes_the_factors(lines: list[Line]) -> None:
    for name in ("allocation-drafted", "allocation-configured"):
        payload(lines, name, 1)["configuration"]["factors"][0]["levels"] = ["LOW", "HIGH", "MID"]


@liar("it brings other arms into force than subjects are allocated by")
def drafts_other_arms_before_the_first_subject(lines: list[Line]) -> list[Line]:
    """Nobody was allocated when it was drafted and signed; when it came into force somebody was."""
    texts = [payload(lines, name, 1)["configuration"] for name in ("allocation-drafted", "allocation-configured")]
    old = sha(canonical(texts[0]))
    for text in texts:
        text["arms"][0]["ratio"] = 2
    for line in lines[1:]:
        if line["payload"].get("configuration_sha256") == old:
            line["payload"]["configuration_sha256"] = sha(canonical(texts[0]))
    draft, activated = place(lines, "allocation-drafted", 1), place(lines, "commitment-stamped")
    before = [*lines[: activated + 1], *lines[draft : draft + 3], *lines[activated + 1 : draft]]
    return together([*before, *lines[draft + 3 :]])


@liar("a closed allocation is not amended")
def drafts_after_the_closure(lines: list[Line]) -> list[Line]:
    closed = place(lines, "allocation-closed")
    draft = {**of_type(lines, "allocation-drafted", 1), "event_id": "00000000-0000-0000-0000-000000000001"}
    draft["payload"] = {**draft["payload"], "version": 3}
    return shifted([*lines[: closed + 1], draft, *lines[closed + 1 :]])


def shifted(lines: list[Line]) -> list[Line]:
    """The lines one after the other from position 1, in time as they stand."""
    header, *events = lines
    times = sorted(event["recorded_at"] for event in events)
    return [
        header,
        *({**e, "position": n, "recorded_at": at} for n, (e, at) in enumerate(zip(events, times, strict=True), 1)),
    ]


def together(lines: list[Line]) -> list[Line]:
    """Like `shifted`; what was recorded with the event before it gets its time as well."""
    header, *events = shifted(lines)
    for before, event in pairwise(events):
        name = event["type"].partition(".")[2]
        if name in (
            "seed-sealed",
            "allocation-activated",
            "commitment-stamped",
            "draw-recorded",
            "subject-randomized",
            "arm-allocated",
        ):
            event["recorded_at"] = before["recorded_at"]
    return [header, *events]


@liar("a closed allocation is not opened again")
def opens_again(lines: list[Line]) -> list[Line]:
    n, closed = place(lines, "allocation-configured", 1), place(lines, "allocation-closed")
    return together([*lines[: closed + 1], *lines[n : n + 4], *lines[closed + 1 :]])


@liar("this version was in force before")
def activates_twice(lines: list[Line]) -> list[Line]:
    n = place(lines, "allocation-configured", 1)
    return together([*lines[: n + 4], *lines[n : n + 4], *lines[n + 4 :]])


@liar("it is another version than the newest")
def activates_another_version(lines: list[Line]) -> None:
    payload(lines, "allocation-activated", 1)["version"] = 1


@liar("its hash is not that of the configuration")
def activates_another_hash(lines: list[Line]) -> None:
    payload(lines, "allocation-activated")["configuration_sha256"] = "1" * 64


@liar("its method is not that of the configuration")
def names_another_method(lines: list[Line]) -> None:
    payload(lines, "allocation-activated")["strategy"] = "complete"


@liar("an amendment moved the cap")
def moves_the_cap_by_an_amendment(lines: list[Line]) -> None:
    payload(lines, "allocation-activated", 1)["cap"] = 10_000


@liar("the seed behind this commitment is not told: nothing of this version can be derived")
def keeps_a_seed(lines: list[Line]) -> list[Line]:
    return without(lines, place(lines, "seed-revealed"))


@liar("the arm cannot be derived: its version has no seed that can be used")
def keeps_a_seed_and_hopes(lines: list[Line]) -> list[Line]:
    return without(lines, place(lines, "seed-revealed"))


@liar("the seed told is not the one committed to")
def tells_another_seed(lines: list[Line]) -> None:
    payload(lines, "seed-revealed")["seed"] = "1" * 64


@liar("the seed told is not the one committed to")
def tells_another_nonce(lines: list[Line]) -> None:
    payload(lines, "seed-revealed")["nonce"] = "1" * 64


@liar("the stamp is over another hash than the commitment")
def commits_to_another_seed_afterwards(lines: list[Line]) -> None:
    seed, nonce = "1" * 64, "2" * 64
    text = payload(lines, "allocation-activated")["configuration_sha256"]
    commitment = sha(bytes.fromhex(nonce + seed + text))
    payload(lines, "seed-revealed").update(seed=seed, nonce=nonce, commitment=commitment)
    payload(lines, "allocation-activated")["commitment"] = commitment
    payload(lines, "commitment-stamped")["commitment"] = commitment


@liar("the stamp is none over a SHA-256")
def takes_a_stamp_of_another_kind_of_hash(lines: list[Line]) -> None:
    in_the_stamp(lines, bytes.fromhex("608648016503040201"), bytes.fromhex("608648016503040203"))


@liar("the time of the stamp cannot be read")
def takes_a_stamp_of_no_time(lines: list[Line]) -> None:
    in_the_stamp(lines, b"20220301", b"2022-3-1")


@liar("the stamp is cut off")
def takes_half_a_stamp(lines: list[Line]) -> None:
    fact = payload(lines, "commitment-stamped")
    fact["token"] = b64encode(b64decode(fact["token"])[:-10]).decode()


def in_the_stamp(lines: list[Line], old: bytes, new: bytes) -> None:
    fact = payload(lines, "commitment-stamped")
    fact["token"] = b64encode(b64decode(fact["token"]).replace(old, new)).decode()


# --- the allocations


@liar("it names another fact as the one before it", renumbered=False)
def names_another_fact_before(lines: list[Line]) -> None:
    payload(lines, "evidence-bound", 3)["previous"] = "1" * 64


@liar("another person recorded it than asked for it")
def asks_in_anothers_name(lines: list[Line]) -> None:
    payload(lines, "evidence-bound", 3)["requested_by"] = "somebody-else"


@liar("another authorization caused it")
def names_another_cause(lines: list[Line]) -> None:
    for name in ("evidence-bound", "draw-recorded", "subject-randomized", "arm-allocated"):
        of_type(lines, name, 3)["meta"]["causation_id"] = of_type(lines, name, 4)["meta"]["causation_id"]


@liar("the allocation was paused")
def randomizes_while_paused(lines: list[Line]) -> list[Line]:
    return without(lines, place(lines, "recruitment-resumed"))


@liar("the subject was randomized before")
def randomizes_somebody_twice(lines: list[Line]) -> None:
    for name in ("evidence-bound", "draw-recorded", "subject-randomized", "arm-allocated"):
        payload(lines, name, 3)["subject"] = payload(lines, name, 2)["subject"]


@liar("the cap was reached")
def randomizes_beyond_the_cap(lines: list[Line]) -> None:
    payload(lines, "cap-changed")["cap"] = 7
    payload(lines, "allocation-activated", 1)["cap"] = 7


@liar("its number is not the next one")
def numbers_a_subject_otherwise(lines: list[Line]) -> None:
    for name in ("evidence-bound", "draw-recorded", "subject-randomized", "arm-allocated"):
        payload(lines, name, 3)["randomization_number"] = 40


@liar("it happened on another day")
def dates_a_randomization_back(lines: list[Line]) -> None:
    payload(lines, "subject-randomized", 3)["randomization_date"] = "2022-02-01"


@liar("it is of another configuration than is in force")
def allocates_by_an_old_version(lines: list[Line]) -> None:
    last, first = payload(lines, "subject-randomized", -1), payload(lines, "subject-randomized")
    last["configuration_sha256"] = first["configuration_sha256"]


@liar("it rests on another authorization than its evidence")
def exchanges_the_authorization(lines: list[Line]) -> None:
    payload(lines, "subject-randomized", 3)["authorization"] = payload(lines, "subject-randomized", 4)["authorization"]


@liar("its stratum is not that of its evidence")
def changes_a_stratum(lines: list[Line]) -> None:
    other(payload(lines, "subject-randomized", 3)["stratum"][0])


def other(level: dict[str, str]) -> None:
    level["level"] = "HIGH" if level["level"] == "LOW" else "LOW"


@liar("the trace recorded is not the one derived")
def changes_a_stratum_and_its_evidence(lines: list[Line]) -> None:
    other(payload(lines, "subject-randomized", 2)["stratum"][0])
    other(payload(lines, "evidence-bound", 2)["strata"][0])


@liar("its factors are others")
def leaves_a_factor_out(lines: list[Line]) -> None:
    payload(lines, "subject-randomized", 3)["stratum"].pop()
    payload(lines, "evidence-bound", 3)["strata"].pop()


@liar("its stratum has a level that no factor has")
def invents_a_level(lines: list[Line]) -> None:
    payload(lines, "subject-randomized", 3)["stratum"][0]["level"] = "MIDDLE"
    payload(lines, "evidence-bound", 3)["strata"][0]["level"] = "MIDDLE"


@liar("no stamp shows that the seed was committed to before")
def randomized_before_the_stamp(lines: list[Line]) -> None:
    for line in lines[1:]:
        line["recorded_at"] = line["recorded_at"].replace("2022-03-01", "2022-02-01")


@liar("the facts of this allocation are of several subjects")
def puts_an_arm_under_another_subject(lines: list[Line]) -> None:
    payload(lines, "arm-allocated", 3)["subject"] = "99-999"


@liar("the arm recorded is *, the arm derived is *")
def changes_an_arm(lines: list[Line]) -> None:
    fact = payload(lines, "arm-allocated", 3)
    fact["arm"] = "B" if fact["arm"] == "A" else "A"


@liar("the chance recorded is not the one derived")
def changes_a_chance(lines: list[Line]) -> None:
    payload(lines, "draw-recorded", 3)["possible"] += 1


@liar("the trace recorded is not the one derived")
def changes_a_trace(lines: list[Line]) -> None:
    payload(lines, "draw-recorded", -1)["trace"]["next_counter"] += 1


@liar("the trace recorded is not the one derived")
def exchanges_the_order_of_two_subjects_of_a_stratum(lines: list[Line]) -> list[Line]:
    first, second = place(lines, "evidence-bound", 0), place(lines, "evidence-bound", 2)
    exchanged = [
        *lines[:first],
        *lines[second : second + 4],
        *lines[first + 4 : second],
        *lines[first : first + 4],
        *lines[second + 4 :],
    ]
    for n, number in ((first, 1), (second, 3)):
        for line in exchanged[n : n + 4]:
            line["payload"]["randomization_number"] = number
    return repositioned(exchanged)


@liar("it counts other subjects than are here")
def leaves_a_subject_out(lines: list[Line]) -> list[Line]:
    first = place(lines, "evidence-bound", -1)
    return without(lines, *range(first, first + 4))


# --- cap, pause, closure, lock


@liar("the allocation was closed")
def moves_the_cap_after_the_closure(lines: list[Line]) -> list[Line]:
    return moved_behind(lines, "cap-changed", "allocation-closed")


@liar("the allocation was closed")
def pauses_after_the_closure(lines: list[Line]) -> list[Line]:
    return moved_behind(lines, "recruitment-paused", "allocation-closed")


@liar("the allocation was active")
def resumes_what_is_not_paused(lines: list[Line]) -> list[Line]:
    return without(lines, place(lines, "recruitment-paused"))


@liar("the allocation was closed")
def closes_twice(lines: list[Line]) -> list[Line]:
    closed = place(lines, "allocation-closed")
    return shifted([*lines[:closed], lines[closed], *lines[closed:]])


def moved_behind(lines: list[Line], name: str, other_name: str) -> list[Line]:
    event = place(lines, name)
    rest = without(lines, event)
    behind = place(rest, other_name) + 1
    return repositioned([*rest[:behind], lines[event], *rest[behind:]])


@liar("the cap is less than are randomized")
def sets_the_cap_too_low(lines: list[Line]) -> None:
    payload(lines, "cap-changed")["cap"] = 5


@liar("an allocation that is not closed is not locked")
def locks_what_is_open(lines: list[Line]) -> list[Line]:
    return without(lines, place(lines, "allocation-closed"))


@liar("the same person signs twice")
def signs_the_lock_for_two(lines: list[Line]) -> None:
    actor = of_type(lines, "lock-signed")["meta"]["actor"]
    for line in lines[place(lines, "lock-signed", 1) :]:
        line["meta"]["actor"] = actor


@liar("a seed was told before two persons had signed the lock")
def tells_a_seed_too_early(lines: list[Line]) -> list[Line]:
    return without(lines, place(lines, "lock-signed", 1))


@liar("fewer than two persons had signed the lock")
def locks_alone(lines: list[Line]) -> list[Line]:
    return without(lines, place(lines, "lock-signed", 0))


@liar("it is not the next version's seed")
def tells_the_seeds_in_another_order(lines: list[Line]) -> list[Line]:
    n = place(lines, "seed-revealed")
    return repositioned([*lines[:n], lines[n + 1], lines[n], *lines[n + 2 :]])


@liar("not every seed was told")
def locks_without_a_seed(lines: list[Line]) -> list[Line]:
    return without(lines, place(lines, "seed-revealed", 1))


# --- configurations that cannot be followed


@liar("a ratio that nobody means")
def writes_a_ratio_to_choke_on(lines: list[Line]) -> None:
    everywhere(lines, lambda text: text["arms"][0].update(ratio=1_000_000_000))


@liar("no number lies below *")
def writes_a_block_of_nobody(lines: list[Line]) -> None:
    everywhere(lines, lambda text: text.update(block_sizes=[]))


@liar("no number lies below *")
def writes_blocks_too_large_to_draw_from(lines: list[Line]) -> None:
    everywhere(lines, lambda text: text.update(block_sizes=[1 << 300]))


@liar("a rational number that cannot be read")
def writes_a_weight_to_choke_on(lines: list[Line]) -> None:
    for name in ("allocation-drafted", "allocation-configured"):
        payload(lines, name, 1)["configuration"]["weights"][0]["weight"] = "1e999999999"


# --- lists


@liar("the rows told are not those of the list that was signed", bundle=LISTED)
def exchanges_rows_of_the_list(lines: list[Line]) -> None:
    fact = payload(lines, "seed-revealed")
    fact["rows"] = fact["rows"].replace("01", "xx", 1).replace("10", "01", 1).replace("xx", "10", 1)


@liar("its list was not sealed before", bundle=LISTED)
def brings_a_list_of_which_nobody_heard(lines: list[Line]) -> list[Line]:
    return without(lines, place(lines, "list-sealed"))


@liar("its list is of another study, or of other arms", bundle=LISTED)
def takes_the_list_of_another_study(lines: list[Line]) -> None:
    fact = payload(lines, "seed-revealed")
    fact["rows"] = fact["rows"].replace("RELUTH", "OTHER")


@liar("the list has no row left for this stratum", bundle=LISTED)
def shortens_the_list(lines: list[Line]) -> None:
    payload(lines, "seed-revealed")["rows"] = '{"arms":["A","B"],"strata":{},"study":"RELUTH"}'
