from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.claim_body_task import ClaimBodyTask

T = TypeVar("T", bound="ClaimBody")


@_attrs_define
class ClaimBody:
    """A place in a case."""

    task: ClaimBodyTask

    def to_dict(self) -> dict[str, Any]:
        task = self.task.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "task": task,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        task = ClaimBodyTask(d.pop("task"))

        claim_body = cls(
            task=task,
        )

        return claim_body
