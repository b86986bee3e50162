"""A fact: something that happened, named and versioned so that it can still be read in twenty years."""

import re
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict

from contracts.vocabulary.identifiers import SiteId, StudyId, SubjectId
from contracts.vocabulary.sealed import SealedText

_NAME = re.compile(r"[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*)")


class Fact(BaseModel):
    """A fact of a study.

    A subclass is declared with its contract name, its integer version and the topic that carries it:
    `class SubjectScreened(SubjectFact, name="enrolment.subject-screened", version=1, topic="reluth.enrolment")`.
    Without a topic the fact is private: it stays in its owner's log. The name and version are what the log
    stores; the Python path never is, so that a class may move without losing its past.
    """

    # An older reader must pass over what a newer writer added within the same version: extra fields are ignored
    # here, not forbidden. What was received is kept to the byte in the reader's inbox.
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    type_name: ClassVar[str] = ""
    type_version: ClassVar[int] = 0
    topic: ClassVar[str | None] = None

    study: StudyId

    def __init_subclass__(
        cls, *, name: str | None = None, version: int = 1, topic: str | None = None, **kwargs: Any
    ) -> None:
        super().__init_subclass__(**kwargs)
        if name is None:
            return
        if not _NAME.fullmatch(name):
            raise TypeError(f"{cls.__name__}: the name {name!r} must read like 'enrolment.subject-screened'")
        if version < 1:
            raise TypeError(f"{cls.__name__}: the version must be a whole number from 1 on, not {version!r}")
        cls.type_name, cls.type_version, cls.topic = name, version, topic

    @property
    def key(self) -> str:
        """The Kafka key: facts that share it keep their order."""
        return self.study

    def published(self) -> Self:
        """The fact as other services get it: texts that could identify a person are left out."""
        sealed = {name: None for name in type(self).model_fields if isinstance(getattr(self, name), SealedText)}
        return self.model_copy(update=sealed) if sealed else self


class SiteFact(Fact):
    """A fact of one site of a study."""

    site: SiteId

    @property
    def key(self) -> str:
        """One order per site."""
        return f"{self.study}/site/{self.site}"


class SubjectFact(Fact):
    """A fact of one subject of a study."""

    subject: SubjectId

    @property
    def key(self) -> str:
        """One order per subject."""
        return f"{self.study}/{self.subject}"
