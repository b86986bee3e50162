"""What every `SubjectKeys` must do, as cases to run against each implementation."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from services.chassis.refusal import Refused
from services.chassis.sealing.kek import LocalKeks
from services.chassis.sealing.port import KEY_DESTROYED, SubjectKeys, WrappedKey
from services.chassis.sealing.sealer import Sealer

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
Case = Callable[[SubjectKeys], Awaitable[None]]
CASES: list[Case] = []


class NotConforming(Exception):
    """An implementation does not keep a promise; the message names it."""


def _case(function: Case) -> Case:
    CASES.append(function)
    return function


def _promised(kept: bool, promise: str) -> None:
    if not kept:
        raise NotConforming(promise)


@_case
async def the_first_key_stays(keys: SubjectKeys) -> None:
    """Two processes make a key for one person at once: both must use the same."""
    offered = [WrappedKey(bytes([n]) * 40, "kek-a") for n in range(8)]
    stored = await asyncio.gather(*(keys.create("p", key, NOON) for key in offered))
    _promised(len({entry.key for entry in stored}) == 1, "all callers of create are given one and the same key")
    _promised(await keys.get("p") == stored[0], "what create returned is what is kept")


@_case
async def an_unknown_id_is_none(keys: SubjectKeys) -> None:
    """Nothing is made by looking."""
    _promised(await keys.get("nobody") is None, "get of an unknown id is None")


@_case
async def a_destroyed_key_never_returns(keys: SubjectKeys) -> None:
    """Neither by create nor by rewrap, and its time stays the first one."""
    key = WrappedKey(b"k" * 40, "kek-a")
    await keys.create("p", key, NOON)
    _promised((await keys.destroy("p", LATER)).key is None, "destroy leaves no key")
    again = await keys.destroy("p", LATER + timedelta(days=1))
    _promised(again.destroyed_at == LATER, "the first destruction keeps its time")
    _promised((await keys.create("p", key, LATER)).key is None, "create does not revive")
    _promised(not await keys.rewrap("p", key, WrappedKey(b"n" * 40, "kek-b")), "rewrap does not revive")
    stored = await keys.get("p")
    _promised(stored is not None and stored.key is None and stored.created_at == NOON, "the row stays, empty")


@_case
async def an_unused_id_can_be_barred(keys: SubjectKeys) -> None:
    """Somebody withdraws before any text was written."""
    await keys.destroy("p", NOON)
    _promised((await keys.create("p", WrappedKey(b"k" * 40, "kek-a"), LATER)).key is None, "a barred id gets no key")


@_case
async def rewrapping_is_compare_and_set(keys: SubjectKeys) -> None:
    """Two rotations at once: one wins, nothing is lost."""
    old, new = WrappedKey(b"o" * 40, "kek-a"), WrappedKey(b"n" * 40, "kek-b")
    await keys.create("p", old, NOON)
    await keys.create("q", new, NOON)
    await keys.create("r", old, NOON)
    await keys.destroy("r", LATER)
    behind = await keys.under_other_kek("kek-b", 10)
    _promised([entry.key_id for entry in behind] == ["p"], "only living keys under another kek are listed")
    _promised(await keys.rewrap("p", old, new), "rewrap replaces what was read")
    _promised(not await keys.rewrap("p", old, WrappedKey(b"x" * 40, "kek-c")), "rewrap refuses what has moved")
    _promised(not await keys.under_other_kek("kek-b", 10), "nothing is left behind")


@_case
async def destroying_a_key_makes_its_texts_unreadable(keys: SubjectKeys) -> None:
    """The whole of it, through the sealer; other people's texts stay readable."""
    sealer = Sealer(keys, LocalKeks([b"K" * 32]), clock=lambda: NOON)
    mine = await sealer.seal("p", "what was said", purpose="note")
    other = await sealer.seal("q", "what another said", purpose="note")
    _promised(await sealer.unseal(mine, purpose="note") == "what was said", "a sealed text opens")
    destruction = await sealer.destroy("p", "withdrawal")
    _promised(destruction.at == NOON, "a destruction carries its time")
    for attempt in (sealer.unseal(mine, purpose="note"), sealer.seal("p", "more", purpose="note")):
        try:
            await attempt
        except Refused as refused:
            _promised(refused.refusal == KEY_DESTROYED, "the refusal says that the key was destroyed")
        else:
            raise NotConforming("after destroy nothing opens and nothing is sealed")
    _promised(await sealer.unseal(other, purpose="note") == "what another said", "others are not touched")


@_case
async def a_rotation_leaves_every_text_readable(keys: SubjectKeys) -> None:
    """New key in front, rewrap, old key dropped."""
    old, new = b"O" * 32, b"N" * 32
    sealed = await Sealer(keys, LocalKeks([old])).seal("p", "said before", purpose="note")
    _promised(await Sealer(keys, LocalKeks([new, old])).rewrap() == 1, "rewrap says how many it moved")
    opened = await Sealer(keys, LocalKeks([new])).unseal(sealed, purpose="note")
    _promised(opened == "said before", "the old key is no longer needed")
