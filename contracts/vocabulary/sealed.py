"""The only form in which free text enters a fact: sealed under the subject's own key."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Base64Url = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+={0,2}$", max_length=65_536)]


class SealedText(BaseModel):
    """Text that only the holder of the subject's data key can read.

    The ciphertext is part of the hash chain, the key is not: destroying the key forgets the text and leaves
    the chain valid. Published facts leave sealed texts out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key_id: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    nonce: Base64Url
    ciphertext: Base64Url
