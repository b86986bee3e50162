"""Anybody derives every allocation of a bundle again with one file of the standard library. No lie about one passes."""

import ast
import asyncio
import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.cli import bundle_verifier
from services.cli.bundle_verifier import Report, Wrong, verify
from services.randomizer.domain import life
from services.randomizer.domain.commands import DraftAllocation
from services.randomizer.domain.configuration import SCHEMES, Configuration
from services.randomizer.witness.authority import CERTIFICATE_FILE

from .bundles import Recorder, design, listing, of_type, opened_up, recorder, told_again, with_trailer
from .liars import LIARS, LISTED, Liar
from .world import strata_of

METHODS = sorted(SCHEMES)
VERIFIER = Path(bundle_verifier.__file__)
ORDER = [0, 3, 0, 5, 3, 0, 7, 2, 2, 6, 1, 4, 4, 0, 3, 3, 5, 1, 0, 0, 6, 7, 7, 2, 0, 3, 5, 5, 1, 0]


async def configured(made: Recorder, method: str, ratio: tuple[int, ...] = (1, 1), **parameters: Any) -> Configuration:
    """A configuration by that method; its list is sealed first if it needs one."""
    if method != "list_import":
        return design(method, ratio, made.study, **parameters)
    draft = design("complete", ratio, made.study)
    return design(method, ratio, made.study, list_sha256=await made.listed(listing(draft)))


async def amended(made: Recorder) -> bytes:
    """Blocks, a pause, another cap, then an amendment to minimization: what the liars have to lie about."""
    await made.run(design("stratified_permuted_blocks"), ORDER[:6])
    await made.turned("pause")
    await made.turned("resume")
    await made.changed_cap(500)
    await made.run(design("minimization", measure="standard_deviation"), ORDER[6:12])
    return await made.locked()


async def of_list(made: Recorder) -> bytes:
    await made.run(await configured(made, "list_import"), ORDER[:6])
    return await made.locked()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of the authority that stamps."""
    return tmp_path_factory.mktemp("authority")


@pytest.fixture(scope="module")
def honest(authority: Path) -> dict[str, bytes]:
    """The bundles that are lied about."""

    async def record() -> dict[str, bytes]:
        return {"amended": await amended(recorder(authority)), LISTED: await of_list(recorder(authority))}

    return asyncio.run(record())


def sentences(report: Report) -> set[str]:
    return {defect.what for defect in report.defects}


def holds(content: bytes) -> Report:
    report = verify(content)
    assert report.defects == []
    assert report.rederived == report.allocations
    assert report.holds
    return report


# --- honest bundles


@pytest.mark.parametrize("ratio", [(1, 1), (2, 1), (3, 2, 1)], ids=str)
@pytest.mark.parametrize("method", METHODS)
async def test_every_allocation_of_every_method_is_derived_again(
    tmp_path: Path, method: str, ratio: tuple[int, ...]
) -> None:
    made = recorder(tmp_path)
    await made.run(await configured(made, method, ratio), ORDER)
    report = holds(await made.locked())
    assert (report.allocations, report.study, report.kind) == (len(ORDER), "RELUTH", "production")
    assert [(one["strategy"], one["signers"]) for one in report.versions] == [(method, ["sponsor-1", "statistician-1"])]


@pytest.mark.parametrize("measure", ["range", "variance", "standard_deviation"])
@pytest.mark.parametrize("method", ["minimization", "two_stage"])
async def test_every_measure_of_imbalance_is_followed_exactly(tmp_path: Path, method: str, measure: str) -> None:
    chance, made = random.Random(measure), recorder(tmp_path)
    config = await configured(made, method, (2, 1), measure=measure)
    await made.run(config, [chance.randrange(8) for _ in range(80)])
    assert holds(await made.locked()).rederived == 80


async def test_a_bundle_of_a_test_study_is_one_of_a_test_study(tmp_path: Path) -> None:
    made = recorder(tmp_path, study="RELUTHTEST")
    await made.run(design("complete", study=made.study), ORDER[:3])
    assert holds(await made.locked()).kind == "test"


@pytest.mark.parametrize("after", METHODS)
@pytest.mark.parametrize("before", METHODS)
async def test_an_amendment_from_any_method_to_any_is_followed(tmp_path: Path, before: str, after: str) -> None:
    made = recorder(tmp_path)
    await made.run(await configured(made, before), ORDER[:14])
    await made.run(await configured(made, after), ORDER[14:])
    assert [one["allocations"] for one in holds(await made.locked()).versions] == [14, 16]


@pytest.mark.parametrize("between", ["stratified_permuted_blocks", "list_import"])
async def test_counts_of_a_coin_do_not_come_back_from_behind_another_method(tmp_path: Path, between: str) -> None:
    made = recorder(tmp_path)
    for method, order in (("minimization", ORDER[:14]), (between, ORDER[14:17]), ("minimization", ORDER)):
        await made.run(await configured(made, method), order)
    assert holds(await made.locked()).rederived == 14 + 3 + 30


async def test_a_pause_over_an_amendment_and_a_second_draft_are_followed(tmp_path: Path) -> None:
    made = recorder(tmp_path)
    await made.run(design("complete"), ORDER[:4])
    await made.turned("pause")
    await made.opened(design("stratified_big_stick"))
    await made.turned("resume")
    await made.randomized(strata_of(design("complete"))[2])
    assert [one["number"] for one in holds(await made.locked()).versions] == [1, 2]


async def test_a_cap_that_is_reached_to_the_last_subject_holds(tmp_path: Path) -> None:
    made = recorder(tmp_path)
    await made.run(design("complete"), ORDER[:4])
    await made.changed_cap(4)
    await made.changed_cap(6)
    for place in (1, 2):
        await made.randomized(strata_of(design("complete"))[place])
    assert holds(await made.locked()).rederived == 6


async def test_a_version_that_was_superseded_before_it_came_into_force_is_passed_over(tmp_path: Path) -> None:
    made = recorder(tmp_path)
    await made.record(lambda state: [life.draft(state, DraftAllocation(design("complete"), "paper-2022", "0" * 64))])
    await made.run(design("stratified_big_stick"), ORDER[:5])
    assert [one["number"] for one in holds(await made.locked()).versions] == [2]


def tlv(tag: int, *parts: bytes) -> bytes:
    """A value in DER."""
    body = b"".join(parts)
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8 or 1, "big")
    return bytes([tag]) + (size if len(body) < 128 else bytes([0x80 | len(size)]) + size) + body


def token(at: str, digest: bytes) -> bytes:
    """The part of a time stamp token that the verifier reads, by hand from RFC 3161 and RFC 5652."""
    sha256 = tlv(0x30, tlv(6, bytes.fromhex("608648016503040201")))
    imprint = tlv(0x30, sha256, tlv(4, digest))
    info = tlv(0x30, tlv(2, b"\x01"), tlv(6, b"\x2a"), imprint, tlv(2, b"\x05"), tlv(0x18, at.encode()))
    told = tlv(0x30, tlv(6, bytes.fromhex("2a864886f70d0109100104")), tlv(0xA0, tlv(4, info)))
    signed = tlv(0x30, tlv(2, b"\x03"), tlv(0x31, sha256), told, tlv(0x31))
    return tlv(0x30, tlv(6, bytes.fromhex("2a864886f70d010702")), tlv(0xA0, signed))


@pytest.mark.parametrize(
    ("at", "microseconds"),
    [
        ("20220301090405Z", 0),
        ("20220301090405.5Z", 500_000),
        ("20220301090405.042Z", 42_000),
        ("20220301090405.000001Z", 1),
    ],
)
def test_the_time_of_a_stamp_is_read_to_the_microsecond(at: str, microseconds: int) -> None:
    imprint, time = bundle_verifier._stamp(token(at, bytes(range(32))))
    assert (imprint, time) == (bytes(range(32)).hex(), datetime(2022, 3, 1, 9, 4, 5, microseconds, tzinfo=UTC))


@pytest.mark.parametrize(
    "at", ["20220301090405", "20220301090405+0100", "202203010904Z", "20220301090405.Z", "20221301090405Z"]
)
def test_a_time_that_could_be_read_in_two_ways_is_not_read(at: str) -> None:
    with pytest.raises((Wrong, ValueError)):
        bundle_verifier._stamp(token(at, bytes(32)))


async def test_an_allocation_that_allocated_nobody_holds(tmp_path: Path) -> None:
    made = recorder(tmp_path)
    await made.opened(design("complete"))
    assert holds(await made.locked()).allocations == 0


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(
    st.sampled_from(METHODS),
    st.sampled_from([(1, 1), (1, 1, 1), (3, 1), (2, 3)]),
    st.lists(st.integers(0, 7), max_size=40),
    st.sampled_from(["range", "variance", "standard_deviation"]),
    st.sampled_from(["2/3", "0.8", "0.95"]),
    st.integers(1, 4),
)
def test_whatever_the_design_and_the_order_the_bundle_holds(
    tmp_path: Path, method: str, ratio: tuple[int, ...], order: list[int], measure: str, p: str, mti: int
) -> None:
    every = {"measure": measure, "probability": p, "mti": mti}
    told = {"minimization": ("measure", "probability"), "two_stage": tuple(every), "stratified_big_stick": ("mti",)}

    async def record() -> bytes:
        made = recorder(tmp_path)
        config = await configured(made, method, ratio, **{name: every[name] for name in told.get(method, ())})
        await made.run(config, order)
        return await made.locked()

    assert holds(asyncio.run(record())).rederived == len(order)


def test_equal_sums_of_roots_are_equal_and_unequal_ones_are_not() -> None:
    compared = bundle_verifier._compared
    assert compared([], []) == compared([(3, 7)], [(3, 7)]) == compared([(0, 5)], [(4, 0)]) == 0
    assert compared([(1, 8)], [(2, 2)]) == 0
    assert compared([(1, 18), (1, 2)], [(1, 32)]) == 0
    assert compared([(1, 2), (1, 3)], [(1, 5), (0, 7)]) == 1
    assert compared([(10**9, 2)], [(1, 2 * 10**18 + 1)]) == -1  # they differ in the tenth decimal
    assert compared([(1, 10**40)], [(1, 10**40 + 1)]) == -1


# --- lies


@pytest.mark.parametrize("liar", LIARS, ids=lambda liar: liar.name)
def test_a_liar_who_recomputes_every_hash_is_named(honest: dict[str, bytes], liar: Liar) -> None:
    lines = opened_up(honest[liar.bundle])
    report = verify(told_again(liar.change(lines) or lines, renumbered=liar.renumbered))
    assert any(like(liar.what).fullmatch(found) for found in sentences(report)), sentences(report)
    assert not report.holds
    assert not TEXT & sentences(report)


def like(sentence: str) -> re.Pattern[str]:
    return re.compile(re.escape(sentence).replace(r"\*", ".*"))


@pytest.mark.parametrize(("ahead", "believed"), [(0, True), (60, True), (61, False), (3600, False)])
def test_an_authority_whose_clock_is_a_little_ahead_is_believed(
    honest: dict[str, bytes], ahead: int, believed: bool
) -> None:
    """It stamped before the first allocation of that version, and says a time after it by so many seconds."""
    lines = opened_up(honest[LISTED])
    stamped = datetime.fromisoformat(of_type(lines, "commitment-stamped")["payload"]["stamped_at"])
    first = datetime.fromisoformat(of_type(lines, "subject-randomized")["recorded_at"])
    shift = first - stamped + timedelta(seconds=ahead)
    for line in lines[1:]:
        moved = datetime.fromisoformat(line["recorded_at"]) - shift
        line["recorded_at"] = moved.isoformat(timespec="microseconds")
    report = verify(told_again(lines))
    found = any("no stamp shows" in what for what in sentences(report))
    assert found is not believed


def test_told_again_by_an_honest_person_is_the_same_bundle(honest: dict[str, bytes]) -> None:
    for bundle in honest.values():
        assert told_again(opened_up(bundle)) == bundle


TEXT = {
    "its bytes do not give its hash: changed, or moved to another place",
    "is not the line that the trailer speaks of",
    "is not the trailer of these lines: changed, added, removed or cut off",
}
"""What gives away who does not recompute."""

ELSEWHERE = TEXT | {
    "the last hash is *, and not the one that somebody else received",
    "the header does not say * *, the only one that is known here",
    "line 1 is not the header of a bundle: *",
    "the header counts other events, or another last position, than are here",
    "a float is no exact number",
    "this is no object in canonical JSON",
}
"""What is wrong with the text alone, which is tested below."""


def every_sentence() -> Iterator[str]:
    """Whatever the verifier can say is wrong, `*` for what it fills in."""
    for node in ast.walk(ast.parse(VERIFIER.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="must" | "Wrong" | "Defect") | ast.Attribute(attr="must"), args=[*_, told]):
                yield from text_of(told)
            case ast.Tuple(elts=[ast.Compare() | ast.BoolOp(), told]):
                yield from text_of(told)


def text_of(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(part.value if isinstance(part, ast.Constant) else "*" for part in parts)


def test_whatever_the_verifier_can_say_some_liar_makes_it_say() -> None:
    told = {liar.what for liar in LIARS} | ELSEWHERE
    silent = [said for said in every_sentence() if said not in told and not any(like(said).fullmatch(t) for t in told)]
    assert silent == []
    assert len(set(every_sentence())) > 60


def test_a_history_that_is_written_anew_as_a_whole_is_found_by_its_last_hash_alone(tmp_path: Path) -> None:
    """What no bundle can show of itself, and what the verifier therefore says it cannot."""

    async def record(order: list[int]) -> bytes:
        made = recorder(tmp_path)
        await made.run(design("complete"), order)
        return await made.locked()

    true, invented = asyncio.run(record([0, 1, 2, 3])), asyncio.run(record([3, 2, 1, 0]))
    received = holds(true).last_hash
    assert holds(invented).last_hash != received
    assert verify(true, received).holds
    (defect,) = verify(invented, received).defects
    assert like("the last hash is *, and not the one that somebody else received").fullmatch(defect.what)
    assert any("--last-hash" in said for said in verify(invented).not_shown)


async def test_who_makes_the_seed_could_have_chosen_it_and_that_is_said(tmp_path: Path) -> None:
    """A thousand seeds tried before one is committed to: the bundle holds, so it must not be said to exclude this."""
    made = recorder(tmp_path)
    await made.run(design("complete"), ORDER[:4])
    report = holds(await made.locked())
    assert any("could have tried several" in said for said in report.not_shown)


# --- the text


@pytest.fixture(scope="module")
def small(authority: Path) -> bytes:
    """The smallest bundle with an allocation in it."""

    async def record() -> bytes:
        made = recorder(authority)
        await made.run(design("complete"), ORDER[:1])
        return await made.locked()

    return asyncio.run(record())


def found(content: bytes) -> set[int | None] | None:
    """The lines that are named, or None where it is no bundle any more."""
    try:
        return {defect.line for defect in verify(content).defects}
    except Wrong:
        return None


def test_every_byte_of_a_bundle_counts_and_the_line_of_a_flipped_one_is_named(small: bytes) -> None:
    chance, line = random.Random(7), 1
    for at, byte in enumerate(small):
        flipped = byte ^ chance.randrange(1, 256)
        named = found(small[:at] + bytes([flipped]) + small[at + 1 :])
        if named is None:
            assert line == 1
        else:
            assert named, f"byte {at}"
            assert line in named or byte == ord("\n") or flipped == ord("\n"), f"byte {at} of line {line}: {named}"
        line += byte == ord("\n")


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(data=st.data())
def test_a_changed_stretch_of_a_large_bundle_is_found(honest: dict[str, bytes], data: st.DataObject) -> None:
    content = honest["amended"]
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 300)))
    instead = data.draw(st.binary(max_size=60))
    changed = content[:start] + instead + content[end:]
    if changed != content:
        assert found(changed) != set()


EDITS: dict[str, Callable[[list[bytes], int, int], list[bytes]]] = {
    "removed": lambda lines, a, _: lines[:a] + lines[a + 1 :],
    "repeated": lambda lines, a, b: [*lines[: b + 1], lines[a], *lines[b + 1 :]],
    "exchanged": lambda lines, a, b: [lines[{a: b, b: a}.get(n, n)] for n in range(len(lines))],
    "cut off": lambda lines, a, _: lines[:a],
    "a stretch removed": lambda lines, a, b: lines[: min(a, b)] + lines[max(a, b) :],
}


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(st.sampled_from(sorted(EDITS)), st.data(), st.booleans())
def test_events_removed_repeated_exchanged_or_cut_off_are_found(
    honest: dict[str, bytes], edit: str, data: st.DataObject, trailer_too: bool
) -> None:
    lines = honest["amended"].splitlines(keepends=True)[:-1]
    a, b = (data.draw(st.integers(1, len(lines) - 1)) for _ in "ab")
    edited = EDITS[edit](lines, a, b)
    if edited == lines:
        return
    content = (
        with_trailer(edited) if trailer_too else b"".join(edited) + honest["amended"].splitlines(keepends=True)[-1]
    )
    assert found(content) != set()


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(st.data())
def test_events_of_another_bundle_are_found(honest: dict[str, bytes], data: st.DataObject) -> None:
    one, other = (honest[name].splitlines(keepends=True)[:-1] for name in ("amended", LISTED))
    at, taken = data.draw(st.integers(1, len(one) - 1)), data.draw(st.sampled_from(other[1:]))
    assert found(with_trailer([*one[:at], taken, *one[at + 1 :]])) != set()
    assert found(with_trailer([*one[:at], *other[at:]])) != set()


def test_a_header_of_another_format_is_no_bundle(honest: dict[str, bytes]) -> None:
    lines = opened_up(honest["amended"])
    for name, value in (("format", "other"), ("version", 2), ("record", "event")):
        changed = deepcopy(lines)
        changed[0][name] = value
        with pytest.raises(Wrong, match="the header does not say reluth/allocation-bundle 1"):
            verify(told_again(changed))


@pytest.mark.parametrize("name", ["record", "format", "version", "study", "stream", "kind"])
def test_a_header_that_lacks_something_is_no_bundle(honest: dict[str, bytes], name: str) -> None:
    header, *rest = opened_up(honest["amended"])
    with pytest.raises(
        Wrong, match=r"line 1 is not the header of a bundle: it cannot be read or followed \(KeyError\)"
    ):
        verify(told_again([{key: value for key, value in header.items() if key != name}, *rest]))


def test_a_fact_that_lacks_something_is_named_without_what_it_says(honest: dict[str, bytes]) -> None:
    lines = opened_up(honest["amended"])
    del of_type(lines, "arm-allocated", 3)["payload"]["arm"]
    assert "it cannot be read or followed (KeyError)" in sentences(verify(told_again(lines)))


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"{}\n{}\n", b"[]\n", b'{"record":"header"}\n\n', b"\xff\xfe\n", b"[" * 9_000]
)
def test_what_is_no_bundle_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(Wrong, match="line 1 is not the header of a bundle"):
        verify(content)


def test_a_header_that_counts_otherwise_is_found(honest: dict[str, bytes]) -> None:
    first, *rest = honest["amended"].splitlines(keepends=True)[:-1]
    header = json.loads(first)
    for name in ("events", "position"):
        other = bundle_verifier.canonical({**header, name: header[name] + 1}) + b"\n"
        assert [(d.line, d.what) for d in verify(with_trailer([other, *rest])).defects] == [
            (1, "the header counts other events, or another last position, than are here")
        ]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (rb"\"cap\":500", rb"\"cap\":500.0", "a float is no exact number"),
        (rb"\"cap\":500", rb"\"cap\":NaN", "a float is no exact number"),
        (rb"\"cap\":500", rb"\"cap\": 500", "this is no object in canonical JSON"),
        (rb"{\"cap\":500", rb"{\"cap\":400,\"cap\":500", "this is no object in canonical JSON"),
    ],
)
def test_json_that_could_be_read_in_two_ways_is_not_read(
    honest: dict[str, bytes], old: bytes, new: bytes, what: str
) -> None:
    lines = honest["amended"].splitlines(keepends=True)[:-1]
    (at,) = [n for n, line in enumerate(lines) if b"cap-changed" in line]
    lines[at] = lines[at].replace(old, new)
    assert (at + 1, "", what) in verify(with_trailer(lines)).defects


def test_a_changed_line_is_named_by_its_hash_and_by_the_trailer(honest: dict[str, bytes]) -> None:
    content = honest["amended"]
    lines = content.splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if b"subject-randomized" in line)
    lines[at] = lines[at].replace(b"01-001", b"01-009")
    told = {(d.line, d.what) for d in verify(b"".join(lines)).defects}
    assert (at + 1, "is not the line that the trailer speaks of") in told
    assert (len(lines), "is not the trailer of these lines: changed, added, removed or cut off") in told
    assert (at + 1, "its bytes do not give its hash: changed, or moved to another place") in told


def test_one_lie_is_named_once_and_hides_no_other(honest: dict[str, bytes]) -> None:
    lines = opened_up(honest["amended"])
    for nth in (1, 8):
        fact = of_type(lines, "arm-allocated", nth)["payload"]
        fact["arm"] = "B" if fact["arm"] == "A" else "A"
    report = verify(told_again(lines))
    assert [d.event.split()[0] for d in report.defects] == ["randomization.arm-allocated"] * 2
    assert (report.rederived, report.allocations) == (10, 12)


# --- as a program, on a machine that has nothing


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """A directory with the file alone."""
    shutil.copy(VERIFIER, tmp_path / "bundle_verifier.py")
    return tmp_path


def run(where: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python without site packages, without our directory, without our environment."""
    command = [sys.executable, "-I", "-S", "bundle_verifier.py", *arguments]
    return subprocess.run(command, cwd=where, capture_output=True, text=True, check=False, env={})


def test_it_runs_where_nothing_but_python_is(clean: Path, honest: dict[str, bytes]) -> None:
    (clean / "bundle.jsonl").write_bytes(honest["amended"])
    result = run(clean, "bundle.jsonl")
    assert (result.returncode, result.stderr) == (0, "")
    assert "12 of 12 allocations derived again; 0 defects" in result.stdout
    assert all(said in result.stdout for said in bundle_verifier.NOT_SHOWN)
    told = json.loads(run(clean, "bundle.jsonl", "--json").stdout)
    assert (told["holds"], told["rederived"], told["defects"]) == (True, 12, [])
    assert run(clean, "bundle.jsonl", "--last-hash", told["last_hash"]).returncode == 0
    assert run(clean, "bundle.jsonl", "--last-hash", "0" * 64).returncode == 1


def test_it_ends_with_1_for_a_defect_and_with_2_for_nothing_to_look_at(clean: Path, honest: dict[str, bytes]) -> None:
    (clean / "bundle.jsonl").write_bytes(honest["amended"].replace(b"01-001", b"01-009"))
    result = run(clean, "bundle.jsonl")
    assert result.returncode == 1
    assert "DEFECT line " in result.stdout
    (clean / "other.txt").write_text("Dear inspector,\n")
    assert run(clean, "other.txt").returncode == 2
    assert run(clean, "nothing.jsonl").returncode == 2
    assert run(clean).returncode == 2
    assert "Traceback" not in run(clean, "other.txt").stderr


def test_openssl_believes_the_stamps_that_it_writes_out(clean: Path, honest: dict[str, bytes], authority: Path) -> None:
    openssl = shutil.which("openssl")
    assert openssl is not None, "openssl is needed here: it is the other reader of stamps"
    (clean / "bundle.jsonl").write_bytes(honest["amended"])
    told = json.loads(run(clean, "bundle.jsonl", "--json", "--tokens", ".").stdout)
    assert len(told["versions"]) == 2
    for one in told["versions"]:
        command = [openssl, "ts", "-verify", "-digest", one["commitment"], "-token_in", "-in"]
        token = [f"token-{one['number']}.der", "-CAfile", str(authority / CERTIFICATE_FILE)]
        result = subprocess.run([*command, *token], cwd=clean, capture_output=True, text=True, check=False)
        assert (result.returncode, "Verification: OK" in result.stdout + result.stderr) == (0, True), result.stderr


# --- what binds each value


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every value in a document."""
    match value:
        case dict() if value:
            for name, inner in value.items():
                yield from leaves(inner, (*path, name))
        case list() if value:
            for n, inner in enumerate(value):
                yield from leaves(inner, (*path, n))
        case _:
            yield path


def replaced(document: Any, path: tuple[str | int, ...], value: Any) -> None:
    *way, last = path
    for step in way:
        document = document[step]
    document[last] = value


def another(value: Any) -> Any:
    """A value of the same kind that is another one."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return ("1" if value[:1] == "0" else "0") + value[1:]
        case _:
            return "something"


BOUND_BY_HASHES_ALONE = {
    "*.meta.actor": "who drafted, paused, closed, ...: but not who signed, locked or randomized",
    "*.meta.occurred_on": "the day of anything but a randomization",
    "*.meta.reason": "",
    "*.meta.roles": "",
    "randomizer.allocation-drafted.protocol_version": "the hash of the protocol file is compared",
    "randomizer.allocation-configured.protocol_version": "",
    "randomizer.seed-sealed.sealed": "ciphertext: what it hides is told after the lock",
    "randomization.allocation-activated.activated_on": "",
    "randomization.allocation-activated.cap": "of the first version, as long as it was not reached",
    "randomization.commitment-stamped.authority": "compared with the signature where that is looked at",
    "randomization.commitment-stamped.outside": "",
    "randomization.commitment-stamped.token": "but its hash and time: the signature is for openssl",
    "randomization.recruitment-paused.paused_on": "",
    "randomization.recruitment-resumed.resumed_on": "",
    "randomization.allocation-closed.closed_on": "",
    "randomization.allocation-locked.locked_on": "",
    "randomizer.seed-revealed.list_nonce": "of a version without a list",
    "randomizer.seed-revealed.rows": "of a version without a list",
    "randomizer.evidence-bound.consent": "enrolment's facts: their ids",
    "randomizer.evidence-bound.inclusion_assessment": "",
    "randomizer.evidence-bound.tumour_assessment": "",
    "randomizer.evidence-bound.site_activation": "",
    "randomizer.evidence-bound.delegation": "",
    "randomizer.evidence-bound.strata": "the values behind a level: but not the level",
    "randomizer.evidence-bound.criteria_version": "",
    "randomizer.evidence-bound.protocol_sha256": "",
}
"""What somebody who recomputes every hash may change and not be named: only the last hash gives it away.

Everything else in a bundle is bound by something besides: a signature, the commitment, the stamp, a draw, a count.
"""


def test_every_value_is_bound_but_those_that_are_said_not_to_be(honest: dict[str, bytes]) -> None:
    lines = opened_up(honest["amended"])
    free: set[str] = set()
    for n, line in enumerate(lines[1:], start=1):
        for part in ("meta", "payload"):
            for path in leaves(line[part]):
                if path == ("previous",):  # a hash like the others: `told_again` renews it
                    continue
                changed = [*lines[:n], deepcopy(line), *lines[n + 1 :]]
                value = line[part]
                for step in path:
                    value = value[step]
                replaced(changed[n][part], path, another(value))
                if verify(told_again(changed)).holds:
                    free.add(f"*.meta.{path[0]}" if part == "meta" else f"{line['type']}.{path[0]}")
    assert free == set(BOUND_BY_HASHES_ALONE)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(st.data())
def test_no_value_of_another_kind_stops_the_verifier(honest: dict[str, bytes], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(honest)))
    lines = opened_up(honest[name])
    for _ in range(data.draw(st.integers(1, 3))):
        n, part = data.draw(st.integers(1, len(lines) - 1)), data.draw(st.sampled_from(["meta", "payload"]))
        path = data.draw(st.sampled_from(sorted(leaves(lines[n][part]), key=str)))
        strange = st.sampled_from([None, True, -1, 10**40, "", "0", "x" * 70, [], {}, [{}], {"factor": 1}])
        replaced(lines[n][part], path, data.draw(strange))
    report = verify(told_again(lines))
    assert list(bundle_verifier.shown(report, "x"))
