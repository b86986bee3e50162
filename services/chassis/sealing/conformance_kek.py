"""What every `KeyEncryptionKey` must do, as cases to run against each implementation."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from services.chassis.sealing.conformance import NotConforming
from services.chassis.sealing.memory import MemorySubjectKeys
from services.chassis.sealing.port import KeyEncryptionKey, SealBroken, UnknownKek, WrappedKey
from services.chassis.sealing.sealer import Sealer

DATA_KEY = bytes(range(32))
BOUND = b"to a person"


class Keeper(Protocol):
    """Whoever keeps the key, as far as a test must be able to command them."""

    @property
    def kek(self) -> KeyEncryptionKey:
        """The key as it is used now."""
        ...

    async def rotate(self) -> None:
        """Make a new key that wraps from now on. Those before still open."""
        ...

    async def forget(self) -> None:
        """Leave the newest key alone."""
        ...


Case = Callable[[Keeper], Awaitable[None]]
CASES: list[Case] = []


def _case(function: Case) -> Case:
    CASES.append(function)
    return function


def _promised(kept: bool, promise: str) -> None:
    if not kept:
        raise NotConforming(promise)


async def _does_not_open(keeper: Keeper, key: WrappedKey, bound_to: bytes, by: type[Exception]) -> None:
    try:
        await keeper.kek.unwrap(key, bound_to)
    except by:
        return
    raise NotConforming(f"{by.__name__} is raised")


@_case
async def what_is_wrapped_opens(keeper: Keeper) -> None:
    """To the same bytes, under the id that is told, without showing them."""
    wrapped = await keeper.kek.wrap(DATA_KEY, BOUND)
    _promised(wrapped.kek_id == await keeper.kek.current(), "a wrapped key names the key that wraps now")
    _promised(await keeper.kek.unwrap(wrapped, BOUND) == DATA_KEY, "a wrapped key opens")
    _promised(DATA_KEY not in wrapped.wrapped, "a wrapped key does not show what it holds")


@_case
async def nothing_looks_the_same_twice(keeper: Keeper) -> None:
    """Else who sees the table could tell which keys are equal."""
    first, second = [(await keeper.kek.wrap(DATA_KEY, BOUND)).wrapped for _ in range(2)]
    _promised(first != second, "wrapping twice gives two ciphertexts")


@_case
async def a_wrapped_key_opens_for_its_id_alone(keeper: Keeper) -> None:
    """A key moved to another row of the table."""
    wrapped = await keeper.kek.wrap(DATA_KEY, BOUND)
    for other in (b"to another", b"", BOUND + b"\x00"):
        await _does_not_open(keeper, wrapped, other, SealBroken)


@_case
async def an_altered_key_does_not_open(keeper: Keeper) -> None:
    """In any place, and cut at any end. Not every byte needs to count as one that was altered: some say which key."""
    wrapped = await keeper.kek.wrap(DATA_KEY, BOUND)
    whole = wrapped.wrapped
    for place in range(len(whole)):
        altered = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        try:
            found = await keeper.kek.unwrap(WrappedKey(altered, wrapped.kek_id), BOUND)
        except SealBroken:
            continue
        raise NotConforming(f"a key altered at {place} opens, to {'the same' if found == DATA_KEY else 'another'} key")
    for cut in (b"", whole[:-1], whole[1:], whole + b"\x00"):
        await _does_not_open(keeper, WrappedKey(cut, wrapped.kek_id), BOUND, SealBroken)


@_case
async def a_key_of_elsewhere_is_unknown(keeper: Keeper) -> None:
    """Which is another fault than a broken one: somebody has to bring a key."""
    wrapped = await keeper.kek.wrap(DATA_KEY, BOUND)
    await _does_not_open(keeper, WrappedKey(wrapped.wrapped, "kek-of-somebody-else"), BOUND, UnknownKek)


@_case
async def after_a_rotation_the_new_key_wraps_and_the_old_one_opens(keeper: Keeper) -> None:
    """Until everything is wrapped anew; then the old one can go."""
    old = await keeper.kek.wrap(DATA_KEY, BOUND)
    await keeper.rotate()
    new = await keeper.kek.wrap(DATA_KEY, BOUND)
    _promised(old.kek_id != new.kek_id == await keeper.kek.current(), "another key wraps now")
    for wrapped in (old, new):
        _promised(await keeper.kek.unwrap(wrapped, BOUND) == DATA_KEY, "both open")
    mixed = WrappedKey(old.wrapped, new.kek_id)
    await _does_not_open(keeper, mixed, BOUND, SealBroken)
    await keeper.forget()
    _promised(await keeper.kek.unwrap(new, BOUND) == DATA_KEY, "the new one opens without the old key")
    await _does_not_open(keeper, old, BOUND, UnknownKek)


@_case
async def a_rotation_leaves_every_text_readable(keeper: Keeper) -> None:
    """The whole of it, through the sealer."""
    keys = MemorySubjectKeys()
    sealed = [await Sealer(keys, keeper.kek).seal(f"p{n}", "said before", purpose="note") for n in range(3)]
    await keeper.rotate()
    _promised(await Sealer(keys, keeper.kek).rewrap() == 3, "rewrap says how many it moved")
    _promised(await Sealer(keys, keeper.kek).rewrap() == 0, "a second time there is nothing to do")
    await keeper.forget()
    for one in sealed:
        _promised(await Sealer(keys, keeper.kek).unseal(one, purpose="note") == "said before", "every text opens")
