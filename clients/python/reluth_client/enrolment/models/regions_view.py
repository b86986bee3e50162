from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.consent_state import ConsentState
from ..models.follow_up_kind import FollowUpKind
from ..models.vital import Vital

if TYPE_CHECKING:
    from ..models.disease_view import DiseaseView


T = TypeVar("T", bound="RegionsView")


@_attrs_define
class RegionsView:
    """The regions of the lifecycle beside `participation`: each goes its own way.

    That of treatment after randomization tells the arm; it is read with the cycles.

    """

    disease: DiseaseView
    """ Whether the disease has progressed since inclusion, dated by the scan. """
    vital: Vital
    """ Whether a death is recorded. """
    consent: ConsentState
    """ What of a consent is in force. `TREATMENT_STOPPED` is the digest's FOLLOWUP_ONLY as well: follow-up goes on.
    """
    follow_up: FollowUpKind
    """ What a subject is followed for: its tumours, or its survival alone (L76); after the end for nothing. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        disease = self.disease.to_dict()

        vital = self.vital.value

        consent = self.consent.value

        follow_up = self.follow_up.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "disease": disease,
                "vital": vital,
                "consent": consent,
                "follow_up": follow_up,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.disease_view import DiseaseView  # noqa: PLC0415

        d = dict(src_dict)
        disease = DiseaseView.from_dict(d.pop("disease"))

        vital = Vital(d.pop("vital"))

        consent = ConsentState(d.pop("consent"))

        follow_up = FollowUpKind(d.pop("follow_up"))

        regions_view = cls(
            disease=disease,
            vital=vital,
            consent=consent,
            follow_up=follow_up,
        )

        regions_view.additional_properties = d
        return regions_view

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
