"""Who may be shown what tells the arm, as part of an answer that others get without it."""

from dataclasses import replace

from fastapi import Request

from contracts.vocabulary.roles import OPEN_ROLES
from services.chassis.auth.guard import Auth
from services.chassis.auth.policy import Action
from services.chassis.auth.who import Who


def sees_arm(request: Request, who: Who, action: Action, site: str | None) -> bool:
    """Whether a caller may do what tells the arm there, and would be let by their open roles alone if they have any.

    Whoever takes another part in the trial beside a closed role is not shown the arms of all sites (ruling 20).
    """
    auth: Auth = request.app.state.auth
    beside = who.roles & OPEN_ROLES
    alone = replace(who, roles=beside) if beside else who
    return auth.policy.decide(who, action, site).allowed and auth.policy.decide(alone, action, site).allowed
