from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="FormBody")


@_attrs_define
class FormBody:
    """A form of the visit: filled in or not."""

    form: str
    done: bool | Unset = True

    def to_dict(self) -> dict[str, Any]:
        form = self.form

        done = self.done

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "form": form,
            }
        )
        if done is not UNSET:
            field_dict["done"] = done

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        form = d.pop("form")

        done = d.pop("done", UNSET)

        form_body = cls(
            form=form,
            done=done,
        )

        return form_body
