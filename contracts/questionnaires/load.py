"""The packaged questionnaires."""

from functools import cache
from importlib.resources import files
from typing import Final

from contracts.protocol.load import read
from contracts.questionnaires.model import Questionnaire

PACKAGED: Final = ("qlq_c30.yaml", "qlq_ginet21.yaml")


def parse(text: str, name: str) -> Questionnaire:
    """The questionnaire of a text. Raises ProtocolError for what is no YAML, else ValidationError."""
    return Questionnaire.model_validate(read(text, name))


@cache
def questionnaires() -> dict[str, Questionnaire]:
    """By id, in the order in which they are filled in."""
    folder = files("contracts.questionnaires")
    found = [parse((folder / name).read_text(encoding="utf-8"), name) for name in PACKAGED]
    return {one.id: one for one in found}
