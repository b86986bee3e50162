"""Reads enrolment's log past its service, makes its decisions again, and prints what would differ."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from contracts.protocol.criteria import FIRST_GATE
from contracts.protocol.model import Protocol
from contracts.protocol.versions import Versions
from services.chassis.log.verify import PAGE
from services.cli.exits import Exit, leave
from services.cli.running import Running, inside
from services.cli.screen import console, table
from services.enrolment.domain.impact import Difference, Impact, Replay

SHOWN = 200
"""Decisions in the table; all of them stand in the JSON."""


async def measured(where: Running, version: Protocol, study: str) -> Impact:
    """Replay the whole log. The system may go on working meanwhile: what it appends is read too."""
    if not version.gate(FIRST_GATE):
        leave(Exit.USAGE, "The file has no criteria for inclusion: under it nobody could have been included.")
    replay = Replay(study, version)
    async with inside(where, "enrolment") as service:
        after = 0
        while page := await service.log.read(after, PAGE):
            for event in page:
                replay.read(service.facts.envelope(event))
            after = page[-1].position
    return replay.impact()


def print_impact(found: Impact, version: Protocol, study: str, as_json: bool) -> None:
    """For people a table, for programs everything."""
    if as_json:
        document = {
            "study": study,
            "protocol_version": version.protocol_version,
            "criteria_version": version.criteria_version,
            "protocol_sha256": version.sha256,
            "position": found.position,
            "decisions": found.decisions,
            "differences": [_json(one) for one in found.differences],
            "visits": {"moved": found.moved, "added": found.added, "dropped": found.dropped},
        }
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
        return
    shown = table("subject", "gate", "day", "then", "now", "because of")
    for one in found.differences[:SHOWN]:
        shown.add_row(one.subject, one.gate, one.on.isoformat(), one.verdict_then, one.verdict_now, _because(one))
    if found.differences:
        console.print(shown)
    if len(found.differences) > SHOWN:
        console.print(f"and {len(found.differences) - SHOWN} more: --json names them all")
    console.print(
        f"{len(found.differences)} of {found.decisions} decisions would differ under {version.protocol_version}"
        f" (criteria {version.criteria_version}). Visits: {found.moved} windows move, {found.added} are new,"
        f" {found.dropped} go. Nothing was written.",
        soft_wrap=True,
    )


def print_versions(studies: Mapping[str, Versions], as_json: bool) -> None:
    """The versions of each study, oldest first."""
    rows = [
        {
            "study": study,
            "protocol_version": one.protocol_version,
            "criteria_version": one.criteria_version,
            "amends": one.amends,
            "protocol_sha256": one.sha256,
        }
        for study, versions in studies.items()
        for one in versions.line
    ]
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return
    shown = table("study", "version", "criteria", "amends", "sha256")
    for row in rows:
        shown.add_row(*(str(value)[:16] if value is not None else "-" for value in row.values()))
    console.print(shown)


def _because(one: Difference) -> str:
    criteria = [f"{c.criterion} {_outcome(c.then)} > {_outcome(c.now)}" for c in one.criteria]
    strata = [f"{factor} {then} > {now or 'none'}" for factor, then, now in one.strata]
    return ", ".join([*criteria, *strata] or [reason.value for reason in one.reasons])


def _outcome(row: Any) -> str:
    return row.outcome.value if row is not None else "-"


def _json(one: Difference) -> dict[str, Any]:
    return {
        "position": one.position,
        "subject": one.subject,
        "gate": one.gate,
        "on": one.on.isoformat(),
        "criteria_version": one.criteria_version,
        "then": one.verdict_then,
        "now": one.verdict_now,
        "criteria": [
            {
                "criterion": changed.criterion,
                "then": changed.then.model_dump(mode="json") if changed.then else None,
                "now": changed.now.model_dump(mode="json") if changed.now else None,
            }
            for changed in one.criteria
        ],
        "reasons": list(one.reasons),
        "strata": [{"factor": factor, "then": then, "now": now} for factor, then, now in one.strata],
    }
