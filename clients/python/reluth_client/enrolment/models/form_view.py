from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="FormView")


@_attrs_define
class FormView:
    """A form of a visit."""

    form: str
    label: str
    owner: str
    """ the service that keeps its data """
    required: bool
    done: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        form = self.form

        label = self.label

        owner = self.owner

        required = self.required

        done = self.done

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "form": form,
                "label": label,
                "owner": owner,
                "required": required,
                "done": done,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        form = d.pop("form")

        label = d.pop("label")

        owner = d.pop("owner")

        required = d.pop("required")

        done = d.pop("done")

        form_view = cls(
            form=form,
            label=label,
            owner=owner,
            required=required,
            done=done,
        )

        form_view.additional_properties = d
        return form_view

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
