from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.annotation import Annotation
from ..types import UNSET, Unset

T = TypeVar("T", bound="AnnotationBody")


@_attrs_define
class AnnotationBody:
    """What turned out to be wrong with a randomization."""

    annotation: Annotation
    """ What turned out to be wrong with a randomization (Yelland 2015). The allocation stands all the same. """
    discovered_on: datetime.date
    reason: str
    """ kept in clear for ever; no names, please """
    other_subject: None | str | Unset = UNSET
    """ RANDOMIZED_TWICE: the same person's other number. WRONG_PERSON: who was meant, if known. """

    def to_dict(self) -> dict[str, Any]:
        annotation = self.annotation.value

        discovered_on = self.discovered_on.isoformat()

        reason = self.reason

        other_subject: None | str | Unset
        if isinstance(self.other_subject, Unset):
            other_subject = UNSET
        else:
            other_subject = self.other_subject

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "annotation": annotation,
                "discovered_on": discovered_on,
                "reason": reason,
            }
        )
        if other_subject is not UNSET:
            field_dict["other_subject"] = other_subject

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        annotation = Annotation(d.pop("annotation"))

        discovered_on = datetime.date.fromisoformat(d.pop("discovered_on"))

        reason = d.pop("reason")

        def _parse_other_subject(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        other_subject = _parse_other_subject(d.pop("other_subject", UNSET))

        annotation_body = cls(
            annotation=annotation,
            discovered_on=discovered_on,
            reason=reason,
            other_subject=other_subject,
        )

        return annotation_body
