from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="SignatureBody")


@_attrs_define
class SignatureBody:
    """The hash of the configuration that was read, and why it is signed."""

    configuration_sha256: str
    reason: str
    """ kept in clear for ever; no names, please """

    def to_dict(self) -> dict[str, Any]:
        configuration_sha256 = self.configuration_sha256

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "configuration_sha256": configuration_sha256,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        configuration_sha256 = d.pop("configuration_sha256")

        reason = d.pop("reason")

        signature_body = cls(
            configuration_sha256=configuration_sha256,
            reason=reason,
        )

        return signature_body
