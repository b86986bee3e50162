"""What in a free text could identify a person. Every pattern is bounded: the time grows with the length alone."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from services.chassis.freetext.normal import folded, normal
from services.chassis.freetext.words import FAMILY_NAMES, FIRST_NAMES, NOT_NAMES


class Kind(StrEnum):
    """What was found."""

    NAME = "NAME"
    INITIALS = "INITIALS"
    BIRTH_DATE = "BIRTH_DATE"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    NIR = "NIR"
    HOSPITAL_NUMBER = "HOSPITAL_NUMBER"


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """A stretch of the text as it was written: from `start` up to, not including, `end`."""

    start: int
    end: int
    kind: Kind


_MONTH: Final = (
    r"(?:janv(?:ier)?|f[eé]vr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[uû]t|sept(?:embre)?|oct(?:obre)?"
    r"|nov(?:embre)?|d[eé]c(?:embre)?|january|february|march|april|may|june|july|august|september|october|november"
    r"|december)"
)
_DATE: Final = re.compile(
    rf"(?<!\d)(?:\d{{1,2}}[ /.\-]\d{{1,2}}[ /.\-](?P<a>\d{{4}}|\d{{2}})|(?P<b>\d{{4}})-\d{{2}}-\d{{2}}"
    rf"|\d{{1,2}}(?:er|st|nd|rd|th)? {_MONTH}\.? (?P<c>\d{{4}})|{_MONTH} \d{{1,2}},? (?P<d>\d{{4}}))(?!\d)",
    re.IGNORECASE,
)
_BIRTH: Final = re.compile(
    r"(?<!\w)(?:n[eé]e?s? (?:le|en)|naissance|ddn|d\.d\.n|dob|d\.o\.b|born|birth(?:day|date)?)(?!\w)", re.IGNORECASE
)
_REACH: Final = 40  # characters between a word of birth and the date that it speaks of
_LAST_BARE_YEAR: Final = 2000
"""A full date without a word of birth is taken for one up to this year: whoever takes part is an adult."""

_EMAIL: Final = re.compile(r"[\w.+\-]{1,64} ?(?:@|\(at\)|\[at\]) ?[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,4}", re.IGNORECASE)
_PHONE: Final = re.compile(
    r"(?<![\d.,])(?!\d\d[ .\-/]\d\d[ .\-/](?:19|20)\d\d(?!\d))"  # a day and the hour behind it
    r"(?:(?:\+|00) ?33 ?(?:\(0\) ?)?[1-9]|0[1-9])(?:[ .\-/]?\d){8}(?!\d)"
    r"|(?<![\d\w])\+\d{1,3}(?:[ .\-]?\d{2,4}){2,5}(?!\d)"
)
_NIR: Final = re.compile(
    r"(?<!\d)([123478]) ?(\d\d) ?(0[1-9]|1[0-2]|[2-9]\d) ?(2[ABab]|\d\d) ?(\d{3}) ?(\d{3})"
    r"(?:[ /\-]{0,3}(\d\d))?(?![\d.])"
)
_FILED: Final = re.compile(
    r"(?<!\w)(?:ipp|ipe|nip|nda|iep|ins|mrn|(?:num[eé]ro|n[°o]|no\.?) (?:de )?(?:dossier|patient|s[eé]jour)|dossier"
    r"|hospital (?:number|no)|record (?:number|no))\b"
    r"[ :.#°]{0,4}(?:n[°o]\.?|no\.?)?[ :.#]{0,3}[A-Z]{0,3}-?\d[\d \-]{2,18}\d",
    re.IGNORECASE,
)
_LONG_NUMBER: Final = re.compile(r"(?<![\w.,/\-+])\d{7,20}(?![\w/]|[.,\-]\d)")
_COMPACT_DATE: Final = re.compile(r"20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")

_CAPITAL: Final = r"[A-ZÀ-ÖØ-Þ][\w’']*(?:-[A-ZÀ-ÖØ-Þ]?[\w’']+)*"
_TITLED: Final = re.compile(
    r"(?<!\w)(?:M(?:r|rs|s|me|lle)?\.?|MM\.|Mme|Monsieur|Madame|Mademoiselle|Dr\.?|Docteur|Doctor|Pr\.?|Prof\.?"
    rf"|Professeur|Professor) +(?P<name>{_CAPITAL})"
)
_CALLED: Final = re.compile(
    r"(?<!\w)(?:patiente?|sujet|subject|s'appelle|nomm[eé]e?|named|called|prénom|nom(?: de)?|surname|first name)"
    rf"(?: :| ?:)? +(?P<name>{_CAPITAL})",
    re.IGNORECASE,
)
_SPOKEN_OF: Final = re.compile(
    r"(?<!\w)(?:patiente?|sujet|mme|mlle|mr|monsieur|madame|mrs|docteur|dr|pr)\.? (?P<name>[^\W\d_]{3,40})",
    re.IGNORECASE,
)
"""Who types in haste writes names small; then only the known ones can be told from any other word."""
_NAMED_AFTER: Final = re.compile(
    r"(?<!\w)(?i:centre|institut|h[oô]pital|clinique|chr?u|clcc|(?:syndrome|maladie|score|crit[eè]res?|classification)"
    rf" (?:de |d[’']))(?: (?:de |d[’'])?)?(?:{_CAPITAL} ?){{1,3}}",
)
"""Houses and diseases carry names of people who are not spoken of."""
_WORD: Final = re.compile(r"[^\W\d_][\w’']*(?:-[^\W\d_][\w’']*)*")
_INITIALS: Final = re.compile(r"(?<![\w.])[A-Z]\.(?:[ \-]?[A-Z]\.){1,2}(?!\w)")
_NOT_INITIALS: Final = frozenset(
    {"nb", "ps", "ui", "iv", "po", "im", "sc", "qd", "bid", "tid", "us", "uk", "eu", "ddn", "dob"}
)


def scan(text: str) -> tuple[Hit, ...]:
    """Everything in a text that could identify a person, by place. Never raises; an empty answer is no proof."""
    written = normal(text)
    found = {Hit(*written.place(start, end), kind) for start, end, kind in _found(written.text) if end > start}
    return tuple(sorted(found))


def _found(text: str) -> Iterator[tuple[int, int, Kind]]:
    for match in _EMAIL.finditer(text):
        yield *match.span(), Kind.EMAIL
    for match in _PHONE.finditer(text):
        yield *match.span(), Kind.PHONE
    for match in _NIR.finditer(text):
        if _is_nir(match):
            yield *match.span(), Kind.NIR
    for match in _FILED.finditer(text):
        yield *match.span(), Kind.HOSPITAL_NUMBER
    for match in _LONG_NUMBER.finditer(text):
        if not _COMPACT_DATE.fullmatch(match.group()):
            yield *match.span(), Kind.HOSPITAL_NUMBER
    for match in _INITIALS.finditer(text):
        if re.sub(r"\W", "", match.group()).lower() not in _NOT_INITIALS:
            yield *match.span(), Kind.INITIALS
    yield from _births(text)
    yield from _names(text)


def _births(text: str) -> Iterator[tuple[int, int, Kind]]:
    spoken = [match.end() for match in _BIRTH.finditer(text)]
    for match in _DATE.finditer(text):
        year = next(filter(None, match.groups()))
        bare = len(year) == 4 and 1900 <= int(year) <= _LAST_BARE_YEAR
        before = bisect_right(spoken, match.start())
        if bare or (before and match.start() - spoken[before - 1] <= _REACH):
            yield *match.span(), Kind.BIRTH_DATE


def _is_nir(match: re.Match[str]) -> bool:
    """Thirteen digits of the right form; with its key, only if the key is right (97 less the remainder by 97)."""
    *parts, key = match.groups()
    if key is None:
        return True
    department = parts[3].upper()
    number = int("".join([*parts[:3], {"2A": "19", "2B": "18"}.get(department, department), *parts[4:]]))
    return int(key) == 97 - number % 97


def _names(text: str) -> Iterator[tuple[int, int, Kind]]:
    for pattern in (_TITLED, _CALLED):
        for match in pattern.finditer(text):
            name = match.group("name")
            if name[0].isupper() and len(name) > 1 and not _is_term(name):
                yield *match.span("name"), Kind.NAME
    for match in _SPOKEN_OF.finditer(text):
        if folded(match.group("name")) in FIRST_NAMES | FAMILY_NAMES:
            yield *match.span("name"), Kind.NAME
    named_after = frozenset(at for match in _NAMED_AFTER.finditer(text) for at in range(*match.span()))
    words = [match for match in _WORD.finditer(text) if match.group()[0].isupper() and match.start() not in named_after]
    for word in words:
        if _is(word, FIRST_NAMES) or _is(word, FAMILY_NAMES):
            yield *word.span(), Kind.NAME
    for first, second in pairwise(words):
        beside = text[first.end() : second.start()] == " " and not _opens_sentence(text, first.start())
        if beside and all(_may_be_name(word.group()) for word in (first, second)):
            yield first.start(), second.end(), Kind.NAME


def _is(word: re.Match[str], names: frozenset[str]) -> bool:
    """A double name has a capital in each part, and one that is known: `Jean-Pierre`, and not `Roux-en-Y`."""
    parts = word.group().split("-")
    known = (folded(part) in names for part in parts)
    return any(known) and all(part[:1].isupper() for part in parts)


def _may_be_name(word: str) -> bool:
    return len(word) > 2 and word[1:].islower() and not _is_term(word)


def _is_term(word: str) -> bool:
    return (len(word) > 1 and word.isupper() and len(word) <= 5) or folded(word) in NOT_NAMES


def _opens_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" ")[-1:] if start < 400 else text[start - 400 : start].rstrip(" ")[-1:]
    return before in ("", ".", "!", "?", "\n", ":", ";", "-", "•", "(")
