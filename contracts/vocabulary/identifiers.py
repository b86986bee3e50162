"""Pseudonymous identifiers: study, site and subject. Nothing here can carry a name or initials."""

from typing import Annotated, Final

from pydantic import StringConstraints, TypeAdapter

_SITE: Final = "(0[1-9]|[1-9][0-9])"

StudyId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,31}$")]
"""Short upper-case key of a trial, such as `RELUTH`. Part of stream names: no dash, no slash."""

SiteId = Annotated[str, StringConstraints(pattern=f"^{_SITE}$")]
"""Two digits, `01` to `99`."""

SubjectId = Annotated[str, StringConstraints(pattern=f"^{_SITE}-[0-9]{{3,6}}$")]
"""Site, dash, sequence within the site: `01-001`. Issued by us, never derived from identity."""

AccountId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:|-]{0,199}$")]
"""The account of a person of the trial, as the subject of its tokens has it. No `@`: an address would name somebody."""

_SUBJECT: Final[TypeAdapter[str]] = TypeAdapter(SubjectId)


def site_of(subject: str) -> str:
    """The site that enrolled a subject: `site_of("01-001") == "01"`. Raises ValidationError if malformed."""
    return _SUBJECT.validate_python(subject).split("-", 1)[0]


def subject_id(site: str, sequence: int) -> str:
    """The id of the n-th subject of a site, counted from 1: `subject_id("01", 1) == "01-001"`."""
    if sequence < 1:
        raise ValueError(f"a subject's sequence starts at 1, got {sequence}")
    return _SUBJECT.validate_python(f"{site}-{sequence:03d}")
