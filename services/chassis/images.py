"""Where images are looked at. They stay in the PACS: what is kept here is the UID of a study, and a way to it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

from pydantic import AfterValidator

UID: Final = "{study_uid}"
CENTRAL: Final = "central"
"""Whose template readers of a central review are given: that of a hospital would name the hospital."""

_TEMPLATE: Final = re.compile(r"https?://[^\s/@{}]+/[^\s{}]*\{study_uid\}[^\s{}]*")


def template(text: str) -> str:
    """A link with one place for the UID of a study. Raises ValueError for anything else, so one with an account."""
    if not _TEMPLATE.fullmatch(text):
        raise ValueError(f"a link template is https://HOST/PATH with {UID} once behind the host, and no account")
    return text


Template = Annotated[str, AfterValidator(template)]


@dataclass(frozen=True, slots=True)
class Images:
    """Link templates of archives: `central`, and those of sites by their code. Without one there is no link."""

    templates: Mapping[str, str] = field(default_factory=dict)

    def of_site(self, site: str, study_uid: str | None) -> str | None:
        """Where the site looks at the images of a study."""
        return self._filled(site, study_uid)

    def central(self, study_uid: str) -> str | None:
        """Where a central reader looks at them: the same for the scans of every site."""
        return self._filled(CENTRAL, study_uid)

    def _filled(self, archive: str, study_uid: str | None) -> str | None:
        found = self.templates.get(archive)
        return found.replace(UID, study_uid) if found is not None and study_uid is not None else None


NONE: Final = Images()
"""No archive is known."""
