from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.dcr_figure import DcrFigure
    from ..models.definition import Definition
    from ..models.stands_on import StandsOn


T = TypeVar("T", bound="DcrView")


@_attrs_define
class DcrView:
    """Disease control of the whole study, all arms together."""

    study: str
    definition: Definition
    """ What was computed: enough to compute it again by hand. """
    figure: DcrFigure
    """ Disease control of one group. `randomized` = `success` + `failure` + `pending`. """
    stands_on: StandsOn
    """ From which prefix of which logs a figure was derived, and by which rules. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.study

        definition = self.definition.to_dict()

        figure = self.figure.to_dict()

        stands_on = self.stands_on.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "definition": definition,
                "figure": figure,
                "stands_on": stands_on,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dcr_figure import DcrFigure  # noqa: PLC0415
        from ..models.definition import Definition  # noqa: PLC0415
        from ..models.stands_on import StandsOn  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        definition = Definition.from_dict(d.pop("definition"))

        figure = DcrFigure.from_dict(d.pop("figure"))

        stands_on = StandsOn.from_dict(d.pop("stands_on"))

        dcr_view = cls(
            study=study,
            definition=definition,
            figure=figure,
            stands_on=stands_on,
        )

        dcr_view.additional_properties = d
        return dcr_view

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
