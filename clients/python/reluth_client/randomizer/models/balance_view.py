from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.group_view import GroupView
    from ..models.runs_view import RunsView
    from ..models.simulated_view import SimulatedView
    from ..models.version_view import VersionView


T = TypeVar("T", bound="BalanceView")


@_attrs_define
class BalanceView:
    """Observed balance beside the envelope: the real order of arrival, allocated again by the live design."""

    study: str
    position: int
    """ of the last fact of the allocation that is counted """
    randomized: int
    versions: list[VersionView]
    groups: list[GroupView]
    """ the whole, then margins, then strata that have a subject """
    outside: int | None
    """ groups outside; null: not simulated """
    runs: RunsView
    """ Stretches of one arm in the order of randomization. Too few: sorted; too many: alternating. """
    simulated: None | SimulatedView
    not_simulated_because: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.simulated_view import SimulatedView  # noqa: PLC0415

        study = self.study

        position = self.position

        randomized = self.randomized

        versions = []
        for versions_item_data in self.versions:
            versions_item = versions_item_data.to_dict()
            versions.append(versions_item)

        groups = []
        for groups_item_data in self.groups:
            groups_item = groups_item_data.to_dict()
            groups.append(groups_item)

        outside: int | None
        outside = self.outside

        runs = self.runs.to_dict()

        simulated: dict[str, Any] | None
        if isinstance(self.simulated, SimulatedView):
            simulated = self.simulated.to_dict()
        else:
            simulated = self.simulated

        not_simulated_because: None | str
        not_simulated_because = self.not_simulated_because

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "position": position,
                "randomized": randomized,
                "versions": versions,
                "groups": groups,
                "outside": outside,
                "runs": runs,
                "simulated": simulated,
                "not_simulated_because": not_simulated_because,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.group_view import GroupView  # noqa: PLC0415
        from ..models.runs_view import RunsView  # noqa: PLC0415
        from ..models.simulated_view import SimulatedView  # noqa: PLC0415
        from ..models.version_view import VersionView  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        position = d.pop("position")

        randomized = d.pop("randomized")

        versions = []
        _versions = d.pop("versions")
        for versions_item_data in _versions:
            versions_item = VersionView.from_dict(versions_item_data)

            versions.append(versions_item)

        groups = []
        _groups = d.pop("groups")
        for groups_item_data in _groups:
            groups_item = GroupView.from_dict(groups_item_data)

            groups.append(groups_item)

        def _parse_outside(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        outside = _parse_outside(d.pop("outside"))

        runs = RunsView.from_dict(d.pop("runs"))

        def _parse_simulated(data: object) -> None | SimulatedView:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                simulated_type_0 = SimulatedView.from_dict(data)

                return simulated_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SimulatedView, data)

        simulated = _parse_simulated(d.pop("simulated"))

        def _parse_not_simulated_because(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        not_simulated_because = _parse_not_simulated_because(d.pop("not_simulated_because"))

        balance_view = cls(
            study=study,
            position=position,
            randomized=randomized,
            versions=versions,
            groups=groups,
            outside=outside,
            runs=runs,
            simulated=simulated,
            not_simulated_because=not_simulated_because,
        )

        balance_view.additional_properties = d
        return balance_view

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
