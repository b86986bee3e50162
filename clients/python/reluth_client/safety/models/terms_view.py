from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.term_view import TermView


T = TypeVar("T", bound="TermsView")


@_attrs_define
class TermsView:
    """Terms of a dictionary."""

    dictionary: str
    reported_under: bool
    """ whether events are reported under this dictionary """
    loaded: list[str]
    """ the dictionaries that can be looked into """
    source: str
    sha256: str
    """ digest of the whole table """
    organ_classes: list[str]
    """ of the whole table """
    terms: list[TermView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        dictionary = self.dictionary

        reported_under = self.reported_under

        loaded = self.loaded

        source = self.source

        sha256 = self.sha256

        organ_classes = self.organ_classes

        terms = []
        for terms_item_data in self.terms:
            terms_item = terms_item_data.to_dict()
            terms.append(terms_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "dictionary": dictionary,
                "reported_under": reported_under,
                "loaded": loaded,
                "source": source,
                "sha256": sha256,
                "organ_classes": organ_classes,
                "terms": terms,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.term_view import TermView  # noqa: PLC0415

        d = dict(src_dict)
        dictionary = d.pop("dictionary")

        reported_under = d.pop("reported_under")

        loaded = cast(list[str], d.pop("loaded"))

        source = d.pop("source")

        sha256 = d.pop("sha256")

        organ_classes = cast(list[str], d.pop("organ_classes"))

        terms = []
        _terms = d.pop("terms")
        for terms_item_data in _terms:
            terms_item = TermView.from_dict(terms_item_data)

            terms.append(terms_item)

        terms_view = cls(
            dictionary=dictionary,
            reported_under=reported_under,
            loaded=loaded,
            source=source,
            sha256=sha256,
            organ_classes=organ_classes,
            terms=terms,
        )

        terms_view.additional_properties = d
        return terms_view

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
