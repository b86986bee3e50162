from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.truth import Truth

if TYPE_CHECKING:
    from ..models.input_ import Input
    from ..models.missing_view import MissingView


T = TypeVar("T", bound="RowView")


@_attrs_define
class RowView:
    """One criterion: what it says, how it came out and from what. An exclusion passes when its outcome is FALSE.

    An overridden one passes whatever its outcome, UNKNOWN included; `why` still says what it would have needed.

    """

    criterion: str
    kind: str
    text: str
    source: str
    outcome: Truth
    """ TRUE, FALSE or UNKNOWN. Has no truth value in Python on purpose.

    `if outcome:` would let UNKNOWN pass a gate, because a non-empty string is true; here it raises TypeError. """
    passes: Truth
    """ TRUE, FALSE or UNKNOWN. Has no truth value in Python on purpose.

    `if outcome:` would let UNKNOWN pass a gate, because a non-empty string is true; here it raises TypeError. """
    inputs: list[Input]
    missing: list[MissingView]
    warnings: list[str]
    overridden: None | UUID
    """ the fact by which the sponsor overrode it """
    rule: str
    """ the criterion by labels and limits; for an exclusion what must not be so """
    why: list[str]
    """ what it asks for and does not find; empty if its outcome is as it should be """
    would_change: list[str]
    """ what would have to be otherwise, all of it """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        criterion = self.criterion

        kind = self.kind

        text = self.text

        source = self.source

        outcome = self.outcome.value

        passes = self.passes.value

        inputs = []
        for inputs_item_data in self.inputs:
            inputs_item = inputs_item_data.to_dict()
            inputs.append(inputs_item)

        missing = []
        for missing_item_data in self.missing:
            missing_item = missing_item_data.to_dict()
            missing.append(missing_item)

        warnings = self.warnings

        overridden: None | str
        if isinstance(self.overridden, UUID):
            overridden = str(self.overridden)
        else:
            overridden = self.overridden

        rule = self.rule

        why = self.why

        would_change = self.would_change

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "criterion": criterion,
                "kind": kind,
                "text": text,
                "source": source,
                "outcome": outcome,
                "passes": passes,
                "inputs": inputs,
                "missing": missing,
                "warnings": warnings,
                "overridden": overridden,
                "rule": rule,
                "why": why,
                "would_change": would_change,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.input_ import Input  # noqa: PLC0415
        from ..models.missing_view import MissingView  # noqa: PLC0415

        d = dict(src_dict)
        criterion = d.pop("criterion")

        kind = d.pop("kind")

        text = d.pop("text")

        source = d.pop("source")

        outcome = Truth(d.pop("outcome"))

        passes = Truth(d.pop("passes"))

        inputs = []
        _inputs = d.pop("inputs")
        for inputs_item_data in _inputs:
            inputs_item = Input.from_dict(inputs_item_data)

            inputs.append(inputs_item)

        missing = []
        _missing = d.pop("missing")
        for missing_item_data in _missing:
            missing_item = MissingView.from_dict(missing_item_data)

            missing.append(missing_item)

        warnings = cast(list[str], d.pop("warnings"))

        def _parse_overridden(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                overridden_type_0 = UUID(data)

                return overridden_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        overridden = _parse_overridden(d.pop("overridden"))

        rule = d.pop("rule")

        why = cast(list[str], d.pop("why"))

        would_change = cast(list[str], d.pop("would_change"))

        row_view = cls(
            criterion=criterion,
            kind=kind,
            text=text,
            source=source,
            outcome=outcome,
            passes=passes,
            inputs=inputs,
            missing=missing,
            warnings=warnings,
            overridden=overridden,
            rule=rule,
            why=why,
            would_change=would_change,
        )

        row_view.additional_properties = d
        return row_view

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
