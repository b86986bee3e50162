"""A refusal is a value with a stable code, and its details have one JSON form."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest

from services.chassis.refusal import Refusal, Refused, jsonable


class Colour(StrEnum):
    RED = "red"


def test_the_type_of_a_refusal_is_its_code() -> None:
    assert Refusal("cap-reached", 409, "t", "r").type == "urn:reluth:problem:cap-reached"


@pytest.mark.parametrize("code", ["", "Cap", "cap_reached", "cap reached", "-cap", "cap-", "1cap", "cap--reached"])
def test_a_code_is_lower_case_words(code: str) -> None:
    with pytest.raises(ValueError, match="refusal code"):
        Refusal(code, 409, "t", "r")


@pytest.mark.parametrize("status", [200, 302, 399, 600])
def test_a_refusal_is_no_success(status: int) -> None:
    with pytest.raises(ValueError, match="status"):
        Refusal("cap-reached", status, "t", "r")


def test_details_have_one_form() -> None:
    detail = {
        "on": date(2026, 3, 31),
        "at": datetime(2026, 3, 31, 12, tzinfo=UTC),
        "amount": Decimal("7.40"),
        "colour": Colour.RED,
        "id": UUID(int=1),
        "all": frozenset({"b", "a"}),
        "by": {Colour.RED: (1, None, True)},
    }
    assert dict(Refused(Refusal("x", 409, "t", "r"), **detail).detail) == {
        "on": "2026-03-31",
        "at": "2026-03-31T12:00:00+00:00",
        "amount": "7.40",
        "colour": "red",
        "id": "00000000-0000-0000-0000-000000000001",
        "all": ["a", "b"],
        "by": {"red": [1, None, True]},
    }


def test_a_detail_without_a_form_is_a_slip_of_the_programmer() -> None:
    with pytest.raises(TypeError):
        jsonable(object())


def test_the_message_of_a_refusal_is_its_code_alone() -> None:
    assert str(Refused(Refusal("cap-reached", 409, "t", "r"), subject="01-001")) == "cap-reached"
