from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.dcr_figure_reasons import DcrFigureReasons
    from ..models.estimate import Estimate


T = TypeVar("T", bound="DcrFigure")


@_attrs_define
class DcrFigure:
    """Disease control of one group. `randomized` = `success` + `failure` + `pending`."""

    randomized: int
    success: int
    failure: int
    reasons: DcrFigureReasons
    """ failures by reason, in the precedence of the protocol file """
    pending: int
    """ no failure yet and the window is open; in no numerator and no denominator """
    final: bool
    """ true when nobody is pending: the denominator is then everybody randomized """
    estimate: Estimate | Literal["not estimable"]
    """ of the settled. Too low while somebody is pending: failures are known sooner than successes """
    estimate_window_closed: Estimate | Literal["not estimable"]
    """ of those whose window is over, which is not biased by how early a failure is known """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.estimate import Estimate  # noqa: PLC0415

        randomized = self.randomized

        success = self.success

        failure = self.failure

        reasons = self.reasons.to_dict()

        pending = self.pending

        final = self.final

        estimate: dict[str, Any] | Literal["not estimable"]
        if isinstance(self.estimate, Estimate):
            estimate = self.estimate.to_dict()
        else:
            estimate = self.estimate

        estimate_window_closed: dict[str, Any] | Literal["not estimable"]
        if isinstance(self.estimate_window_closed, Estimate):
            estimate_window_closed = self.estimate_window_closed.to_dict()
        else:
            estimate_window_closed = self.estimate_window_closed

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "randomized": randomized,
                "success": success,
                "failure": failure,
                "reasons": reasons,
                "pending": pending,
                "final": final,
                "estimate": estimate,
                "estimate_window_closed": estimate_window_closed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dcr_figure_reasons import DcrFigureReasons  # noqa: PLC0415
        from ..models.estimate import Estimate  # noqa: PLC0415

        d = dict(src_dict)
        randomized = d.pop("randomized")

        success = d.pop("success")

        failure = d.pop("failure")

        reasons = DcrFigureReasons.from_dict(d.pop("reasons"))

        pending = d.pop("pending")

        final = d.pop("final")

        def _parse_estimate(data: object) -> Estimate | Literal["not estimable"]:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                estimate_type_0 = Estimate.from_dict(data)

                return estimate_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            estimate_type_1 = cast(Literal["not estimable"], data)
            if estimate_type_1 != "not estimable":
                raise ValueError(f"estimate_type_1 must match const 'not estimable', got '{estimate_type_1}'")
            return estimate_type_1

        estimate = _parse_estimate(d.pop("estimate"))

        def _parse_estimate_window_closed(data: object) -> Estimate | Literal["not estimable"]:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                estimate_window_closed_type_0 = Estimate.from_dict(data)

                return estimate_window_closed_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            estimate_window_closed_type_1 = cast(Literal["not estimable"], data)
            if estimate_window_closed_type_1 != "not estimable":
                raise ValueError(
                    f"estimate_window_closed_type_1 must match const 'not estimable', got '{estimate_window_closed_type_1}'"
                )
            return estimate_window_closed_type_1

        estimate_window_closed = _parse_estimate_window_closed(d.pop("estimate_window_closed"))

        dcr_figure = cls(
            randomized=randomized,
            success=success,
            failure=failure,
            reasons=reasons,
            pending=pending,
            final=final,
            estimate=estimate,
            estimate_window_closed=estimate_window_closed,
        )

        dcr_figure.additional_properties = d
        return dcr_figure

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
