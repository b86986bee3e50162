"""Policies deny by default and say nothing about what is elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.auth.policy import Action, Decision, Policy, Scope
from services.chassis.auth.who import Who
from services.chassis.refusal import Refused

READ, WRITE = Action("x.read"), Action("x.write")
POLICY = Policy(
    {READ: {"sponsor": Scope.ALL_SITES, "investigator": Scope.OWN_SITE}, WRITE: {"investigator": Scope.OWN_SITE}}
)


def who(*roles: str, sites: tuple[str, ...] = ()) -> Who:
    return Who("u", frozenset(roles), frozenset(sites))


@pytest.mark.parametrize(
    ("caller", "action", "site", "decision"),
    [
        (who("sponsor"), READ, "01", Decision.ALLOWED),
        (who("sponsor"), READ, None, Decision.ALLOWED),
        (who("sponsor"), WRITE, "01", Decision.NO_ROLE),
        (who("investigator", sites=("01",)), WRITE, "01", Decision.ALLOWED),
        (who("investigator", sites=("01",)), WRITE, "02", Decision.OTHER_SITE),
        (who("investigator", sites=("01",)), WRITE, None, Decision.OTHER_SITE),
        (who("investigator"), WRITE, "01", Decision.OTHER_SITE),
        (who("investigator", sites=("*",)), WRITE, "01", Decision.OTHER_SITE),
        (who("investigator", "sponsor", sites=("01",)), READ, "02", Decision.ALLOWED),
        (who("investigator", "sponsor", sites=("01",)), WRITE, "02", Decision.OTHER_SITE),
        (who(), READ, "01", Decision.NO_ROLE),
        (who("stranger", sites=("01",)), READ, "01", Decision.NO_ROLE),
        (who("sponsor"), Action("x.unknown"), "01", Decision.NO_ROLE),
    ],
)
def test_a_decision(caller: Who, action: Action, site: str | None, decision: Decision) -> None:
    assert POLICY.decide(caller, action, site) is decision


NAMES = st.sampled_from(["a", "b", "c"])
TABLES = st.dictionaries(NAMES.map(Action), st.dictionaries(NAMES, st.sampled_from(Scope)))


@given(
    TABLES,
    NAMES.map(Action),
    st.frozensets(NAMES),
    st.frozensets(st.sampled_from(["1", "2"])),
    st.sampled_from(["1", "2", None]),
)
def test_nothing_is_allowed_that_the_table_does_not_say(
    table: dict[Action, dict[str, Scope]],
    action: Action,
    roles: frozenset[str],
    sites: frozenset[str],
    site: str | None,
) -> None:
    granted = [scope for role, scope in table.get(action, {}).items() if role in roles]
    allowed = Scope.ALL_SITES in granted or (Scope.OWN_SITE in granted and site in sites)
    assert Policy(table).decide(Who("u", roles, sites), action, site).allowed is allowed


def test_the_table_cannot_be_changed_afterwards() -> None:
    with pytest.raises(TypeError):
        POLICY.table[READ] = {}  # type: ignore[index]
    with pytest.raises(TypeError):
        POLICY.table[READ]["x"] = Scope.ALL_SITES  # type: ignore[index]


def test_what_does_not_exist_and_what_is_elsewhere_look_the_same() -> None:
    caller = who("investigator", sites=("01",))
    answers = []
    for site in (None, "02"):
        with pytest.raises(Refused) as refused:
            caller.require_site(site)
        answers.append((refused.value.refusal, dict(refused.value.detail)))
    assert answers[0] == answers[1]
    caller.require_site("01")
