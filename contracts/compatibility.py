"""Whether a schema may replace another one under the same name and version."""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
_PROSE = frozenset({"title", "description", "examples"})


def incompatibilities(old: Schema, new: Schema) -> list[str]:
    """What a reader of `old` could trip over, each with its place; empty if the change may stay in this version.

    Only prose and new properties with a default may differ. A new required property, a removed one, another type, a
    tighter or looser limit, a new enum value: each means that some program that understood version n no longer does,
    or that an old fact can no longer be read. Such a change is a new version with an upcaster, or a new type.
    """
    return list(_compare(old, new, "#"))


def _compare(old: Any, new: Any, place: str) -> Iterator[str]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted((old.keys() | new.keys()) - _PROSE):
            here = f"{place}/{key}"
            if key == "properties" or key == "$defs":
                yield from _members(old.get(key, {}), new.get(key, {}), here, set(new.get("required", ())))
            elif key not in new:
                yield f"{here}: removed"
            elif key not in old:
                yield f"{here}: added"
            else:
                yield from _compare(old[key], new[key], here)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _compare(before, after, f"{place}/{index}")
    elif old != new:
        yield f"{place}: was {old!r}, is {new!r}"


def _members(old: Schema, new: Schema, place: str, required: set[str]) -> Iterator[str]:
    for name in sorted(old):
        if name not in new:
            yield f"{place}/{name}: removed"
        else:
            yield from _compare(old[name], new[name], f"{place}/{name}")
    for name in sorted(new.keys() - old.keys()):
        if place.endswith("/properties") and (name in required or "default" not in new[name]):
            yield f"{place}/{name}: added without a default"
