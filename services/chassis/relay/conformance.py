"""What every `Cursor` must do, as cases to run against each implementation."""

from collections.abc import Awaitable, Callable

from services.chassis.relay.port import Cursor, Fenced, Lease

Case = Callable[[Cursor], Awaitable[None]]
CASES: list[Case] = []

LONG = 600.0
OVER = 0.0  # a lease that has run out when it is given


def _case(function: Case) -> Case:
    CASES.append(function)
    return function


async def taken(cursor: Cursor, owner: str, seconds: float = LONG) -> Lease:
    """The lease, which must be free."""
    lease = await cursor.acquire(owner, seconds)
    assert lease is not None, f"{owner} expected the lease"
    return lease


async def fenced(action: Awaitable[object]) -> bool:
    """Whether the action is refused as coming from an old epoch."""
    try:
        await action
    except Fenced:
        return True
    return False


@_case
async def the_first_lease_starts_at_the_beginning(cursor: Cursor) -> None:
    """No cluster was published to yet."""
    assert await taken(cursor, "a") == Lease("a", 1, 0, None)


@_case
async def one_owner_at_a_time(cursor: Cursor) -> None:
    """The second waits until the first gives the lease back."""
    lease = await taken(cursor, "a")
    assert await cursor.acquire("b", LONG) is None
    await cursor.release(lease)
    assert (await taken(cursor, "b")).epoch == 2


@_case
async def a_lease_that_ran_out_is_free(cursor: Cursor) -> None:
    """Nobody need release what a dead process held."""
    await taken(cursor, "a", OVER)
    assert (await taken(cursor, "b")).epoch == 2


@_case
async def the_owner_may_take_it_again(cursor: Cursor) -> None:
    """After an error the same relay starts a new term, and its old one is fenced."""
    old = await taken(cursor, "a")
    new = await taken(cursor, "a")
    assert new.epoch == old.epoch + 1
    assert await fenced(cursor.move(old, 1, "c", LONG))


@_case
async def moving_is_remembered(cursor: Cursor) -> None:
    """With the cluster that it counts for."""
    moved = await cursor.move(await taken(cursor, "a"), 7, "c", LONG)
    assert (moved.out_pos, moved.cluster_id) == (7, "c")
    state = await cursor.state()
    assert (state.out_pos, state.cluster_id, state.owner, state.epoch) == (7, "c", "a", 1)
    await cursor.release(moved)
    assert await taken(cursor, "b") == Lease("b", 2, 7, "c")


@_case
async def the_cursor_may_go_back(cursor: Cursor) -> None:
    """To zero, for a cluster that has nothing; how far it ever was is remembered."""
    moved = await cursor.move(await taken(cursor, "a"), 7, "c", LONG)
    assert (await cursor.move(moved, 0, "d", LONG)).out_pos == 0
    state = await cursor.state()
    assert (state.cluster_id, state.out_pos, state.reached) == ("d", 0, 7)


@_case
async def an_old_epoch_is_fenced(cursor: Cursor) -> None:
    """It neither moves the cursor nor keeps or ends the lease of the new one."""
    old = await taken(cursor, "a", OVER)
    new = await cursor.move(await taken(cursor, "b"), 5, "c", LONG)
    assert await fenced(cursor.move(old, 3, "c", LONG))
    assert await fenced(cursor.renew(old, LONG))
    await cursor.release(old)
    state = await cursor.state()
    assert (state.out_pos, state.owner, state.epoch) == (5, "b", new.epoch)


@_case
async def renewing_keeps_others_out(cursor: Cursor) -> None:
    """A lease that has run out but was taken by nobody is still ours to renew."""
    lease = await taken(cursor, "a", OVER)
    await cursor.renew(lease, LONG)
    assert await cursor.acquire("b", LONG) is None
