from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.causality import Causality
from ..models.event_outcome import EventOutcome
from ..models.grade import Grade
from ..models.seriousness import Seriousness

T = TypeVar("T", bound="AdverseEventView")


@_attrs_define
class AdverseEventView:
    """One adverse event. The narrative is not in it."""

    study: str
    subject: str
    adverse_event: UUID
    dictionary: str
    term: int
    """ MedDRA LLT code as the NCI publishes it with CTCAE """
    term_name: None | str
    """ absent when this program has another dictionary """
    soc: None | str
    """ system organ class """
    grade: Grade
    """ 0 is "within limits"; 5 is death. Laboratory terms never reach 5 (safety 2.3, C8). """
    onset_on: datetime.date
    aware_at: datetime.datetime
    seriousness: list[Seriousness]
    causality: Causality
    """ Relation to the investigational product as the investigator judges it (digest 5.4). """
    ended_on: datetime.date | None
    outcome: EventOutcome | None
    """ as last known; absent: not told yet """
    has_narrative: bool
    event_id: UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.study

        subject = self.subject

        adverse_event = str(self.adverse_event)

        dictionary = self.dictionary

        term = self.term

        term_name: None | str
        term_name = self.term_name

        soc: None | str
        soc = self.soc

        grade = self.grade.value

        onset_on = self.onset_on.isoformat()

        aware_at = self.aware_at.isoformat()

        seriousness = []
        for seriousness_item_data in self.seriousness:
            seriousness_item = seriousness_item_data.value
            seriousness.append(seriousness_item)

        causality = self.causality.value

        ended_on: None | str
        if isinstance(self.ended_on, datetime.date):
            ended_on = self.ended_on.isoformat()
        else:
            ended_on = self.ended_on

        outcome: None | str
        if isinstance(self.outcome, EventOutcome):
            outcome = self.outcome.value
        else:
            outcome = self.outcome

        has_narrative = self.has_narrative

        event_id = str(self.event_id)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "subject": subject,
                "adverse_event": adverse_event,
                "dictionary": dictionary,
                "term": term,
                "term_name": term_name,
                "soc": soc,
                "grade": grade,
                "onset_on": onset_on,
                "aware_at": aware_at,
                "seriousness": seriousness,
                "causality": causality,
                "ended_on": ended_on,
                "outcome": outcome,
                "has_narrative": has_narrative,
                "event_id": event_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        study = d.pop("study")

        subject = d.pop("subject")

        adverse_event = UUID(d.pop("adverse_event"))

        dictionary = d.pop("dictionary")

        term = d.pop("term")

        def _parse_term_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        term_name = _parse_term_name(d.pop("term_name"))

        def _parse_soc(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        soc = _parse_soc(d.pop("soc"))

        grade = Grade(d.pop("grade"))

        onset_on = datetime.date.fromisoformat(d.pop("onset_on"))

        aware_at = datetime.datetime.fromisoformat(d.pop("aware_at"))

        seriousness = []
        _seriousness = d.pop("seriousness")
        for seriousness_item_data in _seriousness:
            seriousness_item = Seriousness(seriousness_item_data)

            seriousness.append(seriousness_item)

        causality = Causality(d.pop("causality"))

        def _parse_ended_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_on_type_0 = datetime.date.fromisoformat(data)

                return ended_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        ended_on = _parse_ended_on(d.pop("ended_on"))

        def _parse_outcome(data: object) -> EventOutcome | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                outcome_type_0 = EventOutcome(data)

                return outcome_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EventOutcome | None, data)

        outcome = _parse_outcome(d.pop("outcome"))

        has_narrative = d.pop("has_narrative")

        event_id = UUID(d.pop("event_id"))

        adverse_event_view = cls(
            study=study,
            subject=subject,
            adverse_event=adverse_event,
            dictionary=dictionary,
            term=term,
            term_name=term_name,
            soc=soc,
            grade=grade,
            onset_on=onset_on,
            aware_at=aware_at,
            seriousness=seriousness,
            causality=causality,
            ended_on=ended_on,
            outcome=outcome,
            has_narrative=has_narrative,
            event_id=event_id,
        )

        adverse_event_view.additional_properties = d
        return adverse_event_view

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
