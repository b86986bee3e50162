"""Refusals about identity and permission."""

from typing import Final

from services.chassis.refusal import Refusal

TOKEN_MISSING: Final = Refusal(
    "token-missing",
    401,
    "The request carries no access token.",
    "Send one header `Authorization: Bearer <token>`.",
)
TOKEN_NOT_ACCEPTED: Final = Refusal(
    "token-not-accepted",
    401,
    "The access token is not accepted.",
    "Get a new token from the issuer of this installation, for this audience.",
)
NOT_PERMITTED: Final = Refusal(
    "not-permitted",
    403,
    "Your roles do not permit this action here.",
    "Ask somebody whose role permits the action at this site, or have the role granted to you.",
)
