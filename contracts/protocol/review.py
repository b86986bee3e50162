"""The blinded central review: its baseline, which scans may be sent to it, and how soon it answers."""

from typing import Annotated

from pydantic import Field

from contracts.protocol.expression import Code
from contracts.protocol.sourced import Positive, Sourced

UidRoot = Annotated[str, Field(pattern=r"^[0-2](\.(0|[1-9][0-9]*))*\.$")]


class CentralReview(Sourced):
    """`uid_roots`: how the UIDs begin that readers may be shown. Those of a hospital's own PACS name the hospital."""

    baseline: Code
    uid_roots: Annotated[tuple[UidRoot, ...], Field(min_length=1)]
    due_days: Positive
    """Within which a submitted scan is to be read."""
