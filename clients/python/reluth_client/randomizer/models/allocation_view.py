from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.allocation_view_kind import AllocationViewKind
from ..models.status import Status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.stamp_view import StampView


T = TypeVar("T", bound="AllocationView")


@_attrs_define
class AllocationView:
    """The public side of an allocation."""

    study: str
    kind: AllocationViewKind
    """ a test study has no subjects: its id, and no other's, ends in TEST """
    status: Status
    """ Whether subjects can be allocated. """
    randomized: int
    """ how many are """
    version: int | None | Unset = UNSET
    """ of the configuration in force, counted from 1 """
    activated_on: datetime.date | None | Unset = UNSET
    strategy: None | str | Unset = UNSET
    configuration_sha256: None | str | Unset = UNSET
    """ hash of arms, ratio, factors and block sizes """
    commitment: None | str | Unset = UNSET
    """ SHA-256(nonce, seed, configuration hash): binds the seed before the first subject """
    stamp: None | StampView | Unset = UNSET
    cap: int | None | Unset = UNSET
    """ how many subjects may be randomized """
    lock_signatures: int | Unset = 0
    """ of two """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.stamp_view import StampView  # noqa: PLC0415

        study = self.study

        kind = self.kind.value

        status = self.status.value

        randomized = self.randomized

        version: int | None | Unset
        if isinstance(self.version, Unset):
            version = UNSET
        else:
            version = self.version

        activated_on: None | str | Unset
        if isinstance(self.activated_on, Unset):
            activated_on = UNSET
        elif isinstance(self.activated_on, datetime.date):
            activated_on = self.activated_on.isoformat()
        else:
            activated_on = self.activated_on

        strategy: None | str | Unset
        if isinstance(self.strategy, Unset):
            strategy = UNSET
        else:
            strategy = self.strategy

        configuration_sha256: None | str | Unset
        if isinstance(self.configuration_sha256, Unset):
            configuration_sha256 = UNSET
        else:
            configuration_sha256 = self.configuration_sha256

        commitment: None | str | Unset
        if isinstance(self.commitment, Unset):
            commitment = UNSET
        else:
            commitment = self.commitment

        stamp: dict[str, Any] | None | Unset
        if isinstance(self.stamp, Unset):
            stamp = UNSET
        elif isinstance(self.stamp, StampView):
            stamp = self.stamp.to_dict()
        else:
            stamp = self.stamp

        cap: int | None | Unset
        if isinstance(self.cap, Unset):
            cap = UNSET
        else:
            cap = self.cap

        lock_signatures = self.lock_signatures

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "kind": kind,
                "status": status,
                "randomized": randomized,
            }
        )
        if version is not UNSET:
            field_dict["version"] = version
        if activated_on is not UNSET:
            field_dict["activated_on"] = activated_on
        if strategy is not UNSET:
            field_dict["strategy"] = strategy
        if configuration_sha256 is not UNSET:
            field_dict["configuration_sha256"] = configuration_sha256
        if commitment is not UNSET:
            field_dict["commitment"] = commitment
        if stamp is not UNSET:
            field_dict["stamp"] = stamp
        if cap is not UNSET:
            field_dict["cap"] = cap
        if lock_signatures is not UNSET:
            field_dict["lock_signatures"] = lock_signatures

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.stamp_view import StampView  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        kind = AllocationViewKind(d.pop("kind"))

        status = Status(d.pop("status"))

        randomized = d.pop("randomized")

        def _parse_version(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        version = _parse_version(d.pop("version", UNSET))

        def _parse_activated_on(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                activated_on_type_0 = datetime.date.fromisoformat(data)

                return activated_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        activated_on = _parse_activated_on(d.pop("activated_on", UNSET))

        def _parse_strategy(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        strategy = _parse_strategy(d.pop("strategy", UNSET))

        def _parse_configuration_sha256(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        configuration_sha256 = _parse_configuration_sha256(d.pop("configuration_sha256", UNSET))

        def _parse_commitment(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        commitment = _parse_commitment(d.pop("commitment", UNSET))

        def _parse_stamp(data: object) -> None | StampView | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                stamp_type_0 = StampView.from_dict(data)

                return stamp_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StampView | Unset, data)

        stamp = _parse_stamp(d.pop("stamp", UNSET))

        def _parse_cap(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        cap = _parse_cap(d.pop("cap", UNSET))

        lock_signatures = d.pop("lock_signatures", UNSET)

        allocation_view = cls(
            study=study,
            kind=kind,
            status=status,
            randomized=randomized,
            version=version,
            activated_on=activated_on,
            strategy=strategy,
            configuration_sha256=configuration_sha256,
            commitment=commitment,
            stamp=stamp,
            cap=cap,
            lock_signatures=lock_signatures,
        )

        allocation_view.additional_properties = d
        return allocation_view

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
