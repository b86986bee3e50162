from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.sex import Sex

T = TypeVar("T", bound="SubjectBody")


@_attrs_define
class SubjectBody:
    """Somebody to enter in the screening log: no name, no initials, no day of birth."""

    site: str
    sex: Sex
    """ Sex as used by renal formulas and reference ranges (CDISC C66731). """
    birth_month: str
    screened_on: datetime.date

    def to_dict(self) -> dict[str, Any]:
        site = self.site

        sex = self.sex.value

        birth_month = self.birth_month

        screened_on = self.screened_on.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "site": site,
                "sex": sex,
                "birth_month": birth_month,
                "screened_on": screened_on,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        site = d.pop("site")

        sex = Sex(d.pop("sex"))

        birth_month = d.pop("birth_month")

        screened_on = datetime.date.fromisoformat(d.pop("screened_on"))

        subject_body = cls(
            site=site,
            sex=sex,
            birth_month=birth_month,
            screened_on=screened_on,
        )

        return subject_body
