"""A sequence of things that are made each time they are looked at."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, overload

T_co = TypeVar("T_co", covariant=True)


class Lazily(Sequence[T_co]):
    """`make(item)` for every item of `raw`, made anew at each look and not kept.

    A build walks over ten thousand facts at a time. Kept as objects they cost more time of the garbage collector, which
    visits them again and again, than making them twice.
    """

    def __init__(self, make: Callable[[Any], T_co], raw: Sequence[Any]) -> None:
        self._make, self._raw = make, raw

    def __len__(self) -> int:
        return len(self._raw)

    def __iter__(self) -> Iterator[T_co]:
        return map(self._make, self._raw)

    @overload
    def __getitem__(self, at: int) -> T_co: ...

    @overload
    def __getitem__(self, at: slice) -> "Lazily[T_co]": ...

    def __getitem__(self, at: int | slice) -> "T_co | Lazily[T_co]":
        return Lazily(self._make, self._raw[at]) if isinstance(at, slice) else self._make(self._raw[at])
