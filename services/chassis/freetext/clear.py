"""What becomes of a text in which the scan finds somebody: it is not taken. The answer says where, never what."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from services.chassis.freetext.scan import Hit, Kind, scan
from services.chassis.refusal import Json, Refusal

TEXT_IDENTIFIES: Final = Refusal(
    "text-identifies-somebody",
    422,
    "The text holds what could identify a person.",
    "Leave out what stands at the places in `hits`: who it is about, the number of the subject says.",
)


def told(hits: tuple[Hit, ...]) -> list[Json]:
    """The hits as they are answered: kinds and places, in characters of the text as it was sent."""
    return [{"kind": hit.kind.value, "start": hit.start, "end": hit.end} for hit in hits]


def _clear(text: str) -> str:
    return _without(text, scan(text))


def _institution(text: str) -> str:
    return _without(text, tuple(hit for hit in scan(text) if hit.kind not in (Kind.NAME, Kind.INITIALS)))


def _without(text: str, hits: tuple[Hit, ...]) -> str:
    if hits:
        places = ", ".join(f"{hit.kind.value} at {hit.start} to {hit.end}" for hit in hits[:5])
        raise PydanticCustomError(
            "reluth_identifies",
            "it is kept in clear for ever and could identify a person: {places}; leave that out",
            {"places": places},
        )
    return text


CLEAR: Final = AfterValidator(_clear)
"""Of a text that is kept in clear: one in which somebody is found is not of the documented form."""

INSTITUTION: Final = AfterValidator(_institution)
"""Of the name of an institution: many are named after somebody, and none after a number or an address of a person."""

ClearReason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$"),
    CLEAR,
    Field(description="kept in clear for ever; no names, please"),
]
"""Why something is done or done again. Nothing about a person belongs in it; what looks like it is not taken."""
