from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.causality import Causality
from ..models.event_outcome import EventOutcome
from ..models.seriousness import Seriousness
from ..types import UNSET, Unset

T = TypeVar("T", bound="FollowUpBody")


@_attrs_define
class FollowUpBody:
    """All that is known of an adverse event now. A narrative that is left out stays what it was."""

    term: int
    """ LLT code of a term in `adverse-event-terms` """
    grade: int
    """ CTCAE grade; must exist for the term """
    onset_on: datetime.date
    aware_at: datetime.datetime
    """ when the reporter knew of it: this starts the clocks """
    causality: Causality
    """ Relation to the investigational product as the investigator judges it (digest 5.4). """
    reason: str
    """ kept in clear for ever; no names, please """
    seriousness: list[Seriousness] | Unset = UNSET
    """ every criterion that is met; none: not serious """
    narrative: None | str | Unset = UNSET
    """ kept sealed, shown to the own site and to pharmacovigilance alone; no names, please """
    ended_on: datetime.date | None | Unset = UNSET
    """ with an outcome that says that it is over """
    outcome: EventOutcome | None | Unset = UNSET
    """ as last known; left out while nobody was asked """

    def to_dict(self) -> dict[str, Any]:
        term = self.term

        grade = self.grade

        onset_on = self.onset_on.isoformat()

        aware_at = self.aware_at.isoformat()

        causality = self.causality.value

        reason = self.reason

        seriousness: list[str] | Unset = UNSET
        if not isinstance(self.seriousness, Unset):
            seriousness = []
            for seriousness_item_data in self.seriousness:
                seriousness_item = seriousness_item_data.value
                seriousness.append(seriousness_item)

        narrative: None | str | Unset
        if isinstance(self.narrative, Unset):
            narrative = UNSET
        else:
            narrative = self.narrative

        ended_on: None | str | Unset
        if isinstance(self.ended_on, Unset):
            ended_on = UNSET
        elif isinstance(self.ended_on, datetime.date):
            ended_on = self.ended_on.isoformat()
        else:
            ended_on = self.ended_on

        outcome: None | str | Unset
        if isinstance(self.outcome, Unset):
            outcome = UNSET
        elif isinstance(self.outcome, EventOutcome):
            outcome = self.outcome.value
        else:
            outcome = self.outcome

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "term": term,
                "grade": grade,
                "onset_on": onset_on,
                "aware_at": aware_at,
                "causality": causality,
                "reason": reason,
            }
        )
        if seriousness is not UNSET:
            field_dict["seriousness"] = seriousness
        if narrative is not UNSET:
            field_dict["narrative"] = narrative
        if ended_on is not UNSET:
            field_dict["ended_on"] = ended_on
        if outcome is not UNSET:
            field_dict["outcome"] = outcome

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        term = d.pop("term")

        grade = d.pop("grade")

        onset_on = datetime.date.fromisoformat(d.pop("onset_on"))

        aware_at = datetime.datetime.fromisoformat(d.pop("aware_at"))

        causality = Causality(d.pop("causality"))

        reason = d.pop("reason")

        _seriousness = d.pop("seriousness", UNSET)
        seriousness: list[Seriousness] | Unset = UNSET
        if _seriousness is not UNSET:
            seriousness = []
            for seriousness_item_data in _seriousness:
                seriousness_item = Seriousness(seriousness_item_data)

                seriousness.append(seriousness_item)

        def _parse_narrative(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        narrative = _parse_narrative(d.pop("narrative", UNSET))

        def _parse_ended_on(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_on_type_0 = datetime.date.fromisoformat(data)

                return ended_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        ended_on = _parse_ended_on(d.pop("ended_on", UNSET))

        def _parse_outcome(data: object) -> EventOutcome | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                outcome_type_0 = EventOutcome(data)

                return outcome_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EventOutcome | None | Unset, data)

        outcome = _parse_outcome(d.pop("outcome", UNSET))

        follow_up_body = cls(
            term=term,
            grade=grade,
            onset_on=onset_on,
            aware_at=aware_at,
            causality=causality,
            reason=reason,
            seriousness=seriousness,
            narrative=narrative,
            ended_on=ended_on,
            outcome=outcome,
        )

        return follow_up_body
