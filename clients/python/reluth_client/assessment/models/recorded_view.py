from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.recorded_view_answers import RecordedViewAnswers
    from ..models.score_changed_view import ScoreChangedView
    from ..models.score_view import ScoreView


T = TypeVar("T", bound="RecordedView")


@_attrs_define
class RecordedView:
    """What was recorded; of a correction also which scores it changed."""

    questionnaire: str
    edition: str
    occasion: str
    completed_on: datetime.date
    answers: RecordedViewAnswers
    not_applicable: list[int]
    scores: list[ScoreView]
    map_checked: bool
    """ whether items and scales were compared with the publisher's scoring sheet """
    event_id: UUID
    changed: list[ScoreChangedView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        questionnaire = self.questionnaire

        edition = self.edition

        occasion = self.occasion

        completed_on = self.completed_on.isoformat()

        answers = self.answers.to_dict()

        not_applicable = self.not_applicable

        scores = []
        for scores_item_data in self.scores:
            scores_item = scores_item_data.to_dict()
            scores.append(scores_item)

        map_checked = self.map_checked

        event_id = str(self.event_id)

        changed = []
        for changed_item_data in self.changed:
            changed_item = changed_item_data.to_dict()
            changed.append(changed_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "questionnaire": questionnaire,
                "edition": edition,
                "occasion": occasion,
                "completed_on": completed_on,
                "answers": answers,
                "not_applicable": not_applicable,
                "scores": scores,
                "map_checked": map_checked,
                "event_id": event_id,
                "changed": changed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.recorded_view_answers import RecordedViewAnswers  # noqa: PLC0415
        from ..models.score_changed_view import ScoreChangedView  # noqa: PLC0415
        from ..models.score_view import ScoreView  # noqa: PLC0415

        d = dict(src_dict)
        questionnaire = d.pop("questionnaire")

        edition = d.pop("edition")

        occasion = d.pop("occasion")

        completed_on = datetime.date.fromisoformat(d.pop("completed_on"))

        answers = RecordedViewAnswers.from_dict(d.pop("answers"))

        not_applicable = cast(list[int], d.pop("not_applicable"))

        scores = []
        _scores = d.pop("scores")
        for scores_item_data in _scores:
            scores_item = ScoreView.from_dict(scores_item_data)

            scores.append(scores_item)

        map_checked = d.pop("map_checked")

        event_id = UUID(d.pop("event_id"))

        changed = []
        _changed = d.pop("changed")
        for changed_item_data in _changed:
            changed_item = ScoreChangedView.from_dict(changed_item_data)

            changed.append(changed_item)

        recorded_view = cls(
            questionnaire=questionnaire,
            edition=edition,
            occasion=occasion,
            completed_on=completed_on,
            answers=answers,
            not_applicable=not_applicable,
            scores=scores,
            map_checked=map_checked,
            event_id=event_id,
            changed=changed,
        )

        recorded_view.additional_properties = d
        return recorded_view

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
