"""A text in the form in which it is searched, and where each of its characters stood."""

import unicodedata
from dataclasses import dataclass
from typing import Final

_LOOKALIKES: Final = str.maketrans(
    "АВЕКМНОРСТУХІЈЅаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTYXIJSaeopcyxijsABEZHIKMNOPTYXo"
)
"""Cyrillic and Greek letters that look like Latin ones: seen as what they are read as."""


@dataclass(frozen=True, slots=True)
class Normal:
    """`text` is compatibility-normalised, without invisible characters; `at[i]` is where its i-th one came from."""

    text: str
    at: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The same stretch in the text as it was written."""
        return self.at[start], self.at[end - 1] + 1


def normal(text: str) -> Normal:
    """Full-width digits, hard spaces and zero-width characters would each hide a number from a pattern."""
    out: list[str] = []
    at: list[int] = []
    for index, written in enumerate(text):
        for char in unicodedata.normalize("NFKC", written):
            category = unicodedata.category(char)
            if category == "Cf":
                continue
            if category in ("Mn", "Me"):  # an accent written apart joins its letter; any other only hides something
                whole = unicodedata.normalize("NFC", out[-1] + char) if out else ""
                if len(whole) == 1:
                    out[-1] = whole
                continue
            char = char.translate(_LOOKALIKES)
            if category == "Nd":
                char = str(unicodedata.decimal(char))
            elif category == "Pd":
                char = "-"
            elif category == "Zs" or char.isspace():
                char = "\n" if char in "\n\r\x0b\x0c" else " "
            out.append(char)
            at.append(index)
    return Normal("".join(out), tuple(at))


def folded(word: str) -> str:
    """Lower case without accents."""
    parts = unicodedata.normalize("NFD", word.casefold())
    return "".join(char for char in parts if unicodedata.category(char) != "Mn")
