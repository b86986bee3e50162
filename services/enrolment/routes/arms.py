"""Who may be shown what tells the arm: as an answer, or as part of one that others get without it."""

from dataclasses import replace
from typing import Annotated

from fastapi import Request

from contracts.vocabulary.roles import OPEN_ROLES
from services.chassis.auth.guard import Auth, may
from services.chassis.auth.policy import Action
from services.chassis.auth.who import Who
from services.chassis.refusal import Refused
from services.enrolment.domain.refusals.treatment import OPEN_ROLE_BESIDE_CLOSED
from services.enrolment.policy import READ_TREATMENT
from services.enrolment.routes.common import site_in_path


def sees_arm(request: Request, who: Who, action: Action, site: str | None) -> bool:
    """Whether a caller may do what tells the arm there, and would be let by their open roles alone if they have any.

    Whoever takes another part in the trial beside a closed role is not shown the arms of all sites (ruling 20).
    """
    auth: Auth = request.app.state.auth
    beside = who.roles & OPEN_ROLES
    alone = replace(who, roles=beside) if beside else who
    return auth.policy.decide(who, action, site).allowed and auth.policy.decide(alone, action, site).allowed


async def reader_of_treatment(
    request: Request, who: Annotated[Who, may(READ_TREATMENT, site_from=site_in_path)]
) -> Who:
    """Somebody of the subject's own site, or somebody with a closed role and no open one beside it (ruling 20)."""
    if not sees_arm(request, who, READ_TREATMENT, site_in_path(request)):
        raise Refused(OPEN_ROLE_BESIDE_CLOSED, roles=who.roles & OPEN_ROLES)
    return who
