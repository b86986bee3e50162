"""Arms of all sites are for people who take no other part in the trial (ruling 20)."""

from dataclasses import replace

from fastapi import Request

from contracts.vocabulary.roles import OPEN_ROLES
from services.chassis.auth.guard import Auth
from services.chassis.auth.policy import Action
from services.chassis.auth.who import Who
from services.chassis.refusal import Refused
from services.randomizer.domain.refusals import OPEN_ROLE_BESIDE_CLOSED


def refuse_open_roles_beside(request: Request, who: Who, action: Action, site: str | None = None) -> None:
    """Raise `Refused` if the caller holds an open role too, and that one alone would not let them do this."""
    if beside := who.roles & OPEN_ROLES:
        auth: Auth = request.app.state.auth
        if not auth.policy.decide(replace(who, roles=beside), action, site).allowed:
            raise Refused(OPEN_ROLE_BESIDE_CLOSED, roles=beside)
