"""Whatever the API documents allow, and more, sent to the running system: no failure of ours, no answer not in them.

On a system of its own, since much of what is generated is valid and is recorded.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from contracts.vocabulary.roles import SITE_ROLES, Role
from services.cli.catalogue import NAMES
from services.cli.clock import TurnableClock
from services.cli.demo.cohort import Action, Course, cohort
from services.cli.demo.drive import STUDY, play
from services.cli.demo.show import Tokens
from services.cli.demo.site_system import Api
from services.cli.system import Options, System
from tests.e2e.access import ENDPOINTS

EXAMPLES = 16  # of each operation
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
_TEAM = (Role.SPONSOR, Role.STATISTICIAN, Role.PV)


@dataclass(frozen=True)
class Target:
    """A running system with one subject in it that has come all the way."""

    system: System
    subject: str


@pytest.fixture(scope="module")
async def target(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Target]:
    clock = TurnableClock()
    async with AsyncExitStack() as stack:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("RELUTH_CONSISTENCY_TIMEOUT", "0.1")  # seconds to wait for positions that never come
            options = Options(tmp_path_factory.mktemp("fuzzed"))
            system = await stack.enter_async_context(System(options, clock=clock))
        course = next(c for c in cohort(60, seed=11) if c.randomized_on and _scans(c) == 3)
        async with httpx.AsyncClient(timeout=30) as client:
            api = Api(system.urls, Tokens(system), client)
            played = await play(api, [course], run="fuzz", set_day=clock.set_day, progress=lambda *_: None)
        clock.release()
        yield Target(system, played.subjects[course.number])


def _scans(course: Course) -> int:
    return sum(step.action is Action.ASSESS for step in course.after("A"))


def _caller(system: System, service: str, method: str, template: str) -> dict[str, str]:
    """Somebody who may: a site role of the subject's site, else the first of the team's."""
    reach = next((e.reach for e in ENDPOINTS if (e.service, e.method, e.template) == (service, method, template)), {})
    roles = SITE_ROLES if SITE_ROLES & set(reach) else [next((role for role in _TEAM if role in reach), Role.SPONSOR)]
    token = system.issuer.mint("e2e-fuzz", roles, [f"{site:02d}" for site in range(1, 100)])
    return {"Authorization": f"Bearer {token}"}


def _fuzz(target: Target, service: str) -> list[str]:
    """What is wrong with the answers, one operation a line. Runs in a thread: its client blocks."""
    schema = schemathesis.openapi.from_url(f"{target.system.urls[service]}/openapi.json")
    wrong: list[str] = []
    with requests.Session() as session:
        for operation in sorted((found.ok() for found in schema.get_all_operations()), key=_ends_something):
            method, template = operation.method.upper(), operation.path
            session.headers.update(_caller(target.system, service, method, template))
            try:
                _fuzz_one(operation, target.subject, session)
            except Exception as error:  # every operation is looked at, whatever came of the one before
                wrong.append(f"{method} {template}: {error}")
    return wrong


def _ends_something(operation: Any) -> bool:
    """What would have most of the others refused comes last."""
    return str(operation.path).endswith(("/closure", "/pause", "/lock-signatures"))


def _fuzz_one(operation: Any, subject: str, session: requests.Session) -> None:
    known = {"study": STUDY, "subject": subject, "site": subject[:2], "timepoint": "M2"}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)), there=st.booleans()
    )
    def one(case: schemathesis.Case, there: bool) -> None:
        if there:  # what is made up exists nowhere, and would be refused at the door
            case.path_parameters = {n: known.get(n, v) for n, v in (case.path_parameters or {}).items()}
        answer = case.call(session=session, timeout=20)
        # "Not yet" is the documented answer to somebody who asks for a position that nobody has reached.
        not_yet = answer.status_code == 503 and answer.json()["type"].endswith("not-yet-consistent")
        case.validate_response(answer, checks=CHECKS[not_yet:])

    one()


@pytest.mark.filterwarnings("ignore:Do not use the `random` module")  # the services do, in the same process
@pytest.mark.parametrize("service", NAMES)
async def test_every_answer_of_the_running_system_is_in_its_document(target: Target, service: str) -> None:
    wrong = await asyncio.to_thread(_fuzz, target, service)
    assert not wrong, "\n\n".join(wrong)
