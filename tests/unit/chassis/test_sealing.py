"""Sealing: what the in-memory keys promise, what a sealed text withstands, where key-encryption keys come from."""

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary.sealed import SealedText
from services.chassis.files import ExposedSecret
from services.chassis.refusal import Refused
from services.chassis.sealing.conformance import CASES, Case
from services.chassis.sealing.kek import LocalKeks, UnusableKek, fresh_kek, keks_of
from services.chassis.sealing.memory import MemorySubjectKeys
from services.chassis.sealing.port import SealBroken, UnknownKek, WrappedKey
from services.chassis.sealing.sealer import MAX_BYTES, Sealer
from services.chassis.settings import settings_of

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
async def test_keys_in_memory_conform(case: Case) -> None:
    await case(MemorySubjectKeys())


@pytest.fixture
def sealer() -> Sealer:
    return Sealer(MemorySubjectKeys(), LocalKeks([b"K" * 32]))


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200), purpose=st.text("abc", max_size=5))
async def test_what_is_sealed_opens_to_the_same_text_and_does_not_show_it(text: str, purpose: str) -> None:
    sealer = Sealer(MemorySubjectKeys(), LocalKeks([b"K" * 32]))
    sealed = await sealer.seal("p", text, purpose=purpose)
    assert await sealer.unseal(sealed, purpose=purpose) == text
    if len(text.encode()) > 3:
        assert text.encode() not in base64.urlsafe_b64decode(sealed.ciphertext + "==")


async def test_the_same_text_never_looks_the_same_twice(sealer: Sealer) -> None:
    one, two = [await sealer.seal("p", "the same", purpose="note") for _ in range(2)]
    assert one.ciphertext != two.ciphertext
    assert one.nonce != two.nonce


async def test_a_text_does_not_open_for_another_purpose(sealer: Sealer) -> None:
    sealed = await sealer.seal("p", "secret", purpose="note")
    with pytest.raises(SealBroken):
        await sealer.unseal(sealed, purpose="narrative")


async def test_a_text_does_not_open_under_another_persons_key(sealer: Sealer) -> None:
    sealed = await sealer.seal("p", "secret", purpose="note")
    await sealer.seal("q", "other", purpose="note")
    with pytest.raises(SealBroken):
        await sealer.unseal(sealed.model_copy(update={"key_id": "q"}), purpose="note")


async def test_a_wrapped_key_moved_to_another_id_does_not_open() -> None:
    keys = MemorySubjectKeys()
    sealer = Sealer(keys, LocalKeks([b"K" * 32]))
    sealed = await sealer.seal("p", "secret", purpose="note")
    stored = await keys.get("p")
    assert stored is not None
    assert stored.key is not None
    await keys.create("q", stored.key, NOON)
    with pytest.raises(SealBroken):
        await sealer.unseal(sealed.model_copy(update={"key_id": "q"}), purpose="note")


@pytest.mark.parametrize("field", ["nonce", "ciphertext"])
@pytest.mark.parametrize("change", ["flip", "cut", "empty", "not-base64"])
async def test_a_changed_text_does_not_open(sealer: Sealer, field: str, change: str) -> None:
    sealed = await sealer.seal("p", "a text of some length", purpose="note")
    old = getattr(sealed, field)
    flipped = ("A" if old[0] != "A" else "B") + old[1:]
    new = {"flip": flipped, "cut": old[:-4], "empty": "", "not-base64": "!!!!"}[change]
    with pytest.raises(SealBroken):
        await sealer.unseal(sealed.model_copy(update={field: new}), purpose="note")


async def test_a_text_under_a_key_that_never_was_is_broken_not_destroyed(sealer: Sealer) -> None:
    with pytest.raises(SealBroken):
        await sealer.unseal(SealedText(key_id="x", nonce="AAAA", ciphertext="AAAA"), purpose="note")


async def test_the_longest_text_fits_its_contract_and_a_longer_one_is_refused(sealer: Sealer) -> None:
    assert isinstance(await sealer.seal("p", "x" * MAX_BYTES, purpose="note"), SealedText)
    with pytest.raises(Refused) as refused:
        await sealer.seal("p", "x" * (MAX_BYTES + 1), purpose="note")
    assert refused.value.refusal.code == "text-too-long"


async def test_destruction_needs_a_reason(sealer: Sealer) -> None:
    with pytest.raises(ValueError, match="reason"):
        await sealer.destroy("p", "  ")


async def test_a_key_under_an_unknown_kek_says_so() -> None:
    keys = MemorySubjectKeys()
    sealed = await Sealer(keys, LocalKeks([b"A" * 32])).seal("p", "secret", purpose="note")
    with pytest.raises(UnknownKek):
        await Sealer(keys, LocalKeks([b"B" * 32])).unseal(sealed, purpose="note")


async def test_a_mutilated_wrapped_key_is_broken() -> None:
    kek = LocalKeks([b"A" * 32])
    for wrapped in (b"", b"\x01", b"\x02" + b"x" * 60, b"\x01" + b"x" * 60):
        with pytest.raises(SealBroken):
            await kek.unwrap(WrappedKey(wrapped, kek.active), b"")


def test_a_kek_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kek"
    path.write_text(fresh_kek())
    path.chmod(0o640)
    with pytest.raises(ExposedSecret):
        keks_of(settings_of("safety", kek_file=path))
    path.chmod(0o600)
    assert keks_of(settings_of("safety", kek_file=path)).active.startswith("kek-")


def test_the_first_key_of_a_file_is_the_active_one(tmp_path: Path) -> None:
    new, old = fresh_kek(), fresh_kek()
    path = tmp_path / "kek"
    path.write_text(f"{new}\n{old}\n")
    path.chmod(0o600)
    both = keks_of(settings_of("safety", kek_file=path))
    assert both.active == keks_of(settings_of("safety", kek=new)).active
    assert both.active != keks_of(settings_of("safety", kek=old)).active


def test_embedded_mode_makes_its_key_once(tmp_path: Path) -> None:
    settings = settings_of("safety", state_dir=tmp_path)
    assert keks_of(settings).active == keks_of(settings).active
    assert (tmp_path / "kek").stat().st_mode & 0o777 == 0o600


def test_external_mode_without_a_key_does_not_start() -> None:
    with pytest.raises(UnusableKek, match="RELUTH_KEK_FILE"):
        keks_of(settings_of("safety", mode="external"))


@pytest.mark.parametrize("text", ["", "short", "!" * 43, "é" * 43])
def test_an_unusable_key_is_refused_without_being_quoted(text: str, tmp_path: Path) -> None:
    path = tmp_path / "kek"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(UnusableKek) as caught:
        keks_of(settings_of("safety", kek_file=path))
    assert not text or text not in str(caught.value)
