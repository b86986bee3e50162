from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.deaths import Deaths
    from ..models.flow_view_annotated import FlowViewAnnotated
    from ..models.flow_view_assessed import FlowViewAssessed
    from ..models.flow_view_criteria_not_met import FlowViewCriteriaNotMet
    from ..models.flow_view_cycles import FlowViewCycles
    from ..models.flow_view_exits import FlowViewExits
    from ..models.flow_view_not_included import FlowViewNotIncluded
    from ..models.stands_on import StandsOn


T = TypeVar("T", bound="FlowView")


@_attrs_define
class FlowView:
    """Participant flow. `screened` = `included` + `not_included`; `included` = `randomized` + `exits` + `in_run_in`."""

    study: str
    sites_activated: int
    screened: int
    consented: int
    not_included: FlowViewNotIncluded
    criteria_not_met: FlowViewCriteriaNotMet
    """ criteria of the last verdicts; a subject may have failed several """
    included: int
    cycles: FlowViewCycles
    """ included subjects by run-in cycle given """
    exits: FlowViewExits
    """ included and never randomized, by reason """
    in_run_in: int
    randomized: int
    annotated: FlowViewAnnotated
    """ randomized subjects by the error found later; they stay in every other count """
    assessed: FlowViewAssessed
    """ subjects with a scan made for the timepoint """
    deaths: Deaths
    """ Deaths by where the subject was. """
    data_withdrawn: int
    """ subjects who were erased; they stay in the counts above, and nothing else of them does """
    enrolment_on_its_way: int
    """ known by later facts alone so far; in no other count """
    stands_on: StandsOn
    """ From which prefix of which logs a figure was derived, and by which rules. """
    site: None | str | Unset = UNSET
    """ absent: all sites that the caller may see """
    randomization_cap: int | None | Unset = UNSET
    """ absent until the allocation is active """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.study

        sites_activated = self.sites_activated

        screened = self.screened

        consented = self.consented

        not_included = self.not_included.to_dict()

        criteria_not_met = self.criteria_not_met.to_dict()

        included = self.included

        cycles = self.cycles.to_dict()

        exits = self.exits.to_dict()

        in_run_in = self.in_run_in

        randomized = self.randomized

        annotated = self.annotated.to_dict()

        assessed = self.assessed.to_dict()

        deaths = self.deaths.to_dict()

        data_withdrawn = self.data_withdrawn

        enrolment_on_its_way = self.enrolment_on_its_way

        stands_on = self.stands_on.to_dict()

        site: None | str | Unset
        if isinstance(self.site, Unset):
            site = UNSET
        else:
            site = self.site

        randomization_cap: int | None | Unset
        if isinstance(self.randomization_cap, Unset):
            randomization_cap = UNSET
        else:
            randomization_cap = self.randomization_cap

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "sites_activated": sites_activated,
                "screened": screened,
                "consented": consented,
                "not_included": not_included,
                "criteria_not_met": criteria_not_met,
                "included": included,
                "cycles": cycles,
                "exits": exits,
                "in_run_in": in_run_in,
                "randomized": randomized,
                "annotated": annotated,
                "assessed": assessed,
                "deaths": deaths,
                "data_withdrawn": data_withdrawn,
                "enrolment_on_its_way": enrolment_on_its_way,
                "stands_on": stands_on,
            }
        )
        if site is not UNSET:
            field_dict["site"] = site
        if randomization_cap is not UNSET:
            field_dict["randomization_cap"] = randomization_cap

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.deaths import Deaths  # noqa: PLC0415
        from ..models.flow_view_annotated import FlowViewAnnotated  # noqa: PLC0415
        from ..models.flow_view_assessed import FlowViewAssessed  # noqa: PLC0415
        from ..models.flow_view_criteria_not_met import FlowViewCriteriaNotMet  # noqa: PLC0415
        from ..models.flow_view_cycles import FlowViewCycles  # noqa: PLC0415
        from ..models.flow_view_exits import FlowViewExits  # noqa: PLC0415
        from ..models.flow_view_not_included import FlowViewNotIncluded  # noqa: PLC0415
        from ..models.stands_on import StandsOn  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        sites_activated = d.pop("sites_activated")

        screened = d.pop("screened")

        consented = d.pop("consented")

        not_included = FlowViewNotIncluded.from_dict(d.pop("not_included"))

        criteria_not_met = FlowViewCriteriaNotMet.from_dict(d.pop("criteria_not_met"))

        included = d.pop("included")

        cycles = FlowViewCycles.from_dict(d.pop("cycles"))

        exits = FlowViewExits.from_dict(d.pop("exits"))

        in_run_in = d.pop("in_run_in")

        randomized = d.pop("randomized")

        annotated = FlowViewAnnotated.from_dict(d.pop("annotated"))

        assessed = FlowViewAssessed.from_dict(d.pop("assessed"))

        deaths = Deaths.from_dict(d.pop("deaths"))

        data_withdrawn = d.pop("data_withdrawn")

        enrolment_on_its_way = d.pop("enrolment_on_its_way")

        stands_on = StandsOn.from_dict(d.pop("stands_on"))

        def _parse_site(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        site = _parse_site(d.pop("site", UNSET))

        def _parse_randomization_cap(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        randomization_cap = _parse_randomization_cap(d.pop("randomization_cap", UNSET))

        flow_view = cls(
            study=study,
            sites_activated=sites_activated,
            screened=screened,
            consented=consented,
            not_included=not_included,
            criteria_not_met=criteria_not_met,
            included=included,
            cycles=cycles,
            exits=exits,
            in_run_in=in_run_in,
            randomized=randomized,
            annotated=annotated,
            assessed=assessed,
            deaths=deaths,
            data_withdrawn=data_withdrawn,
            enrolment_on_its_way=enrolment_on_its_way,
            stands_on=stands_on,
            site=site,
            randomization_cap=randomization_cap,
        )

        flow_view.additional_properties = d
        return flow_view

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
