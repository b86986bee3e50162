"""Alerts on laboratory grades: one per episode, with an identity that a replay gives again."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Annotated, Final, Self
from uuid import UUID, uuid5

from pydantic import Field, model_validator

from contracts.events.fact import Fact
from contracts.events.safety import AlertEpisodeClosed, AlertRaised
from contracts.vocabulary.grade import Grade
from services.safety.domain.rules import Code, LltCode, Rule, Source, Table
from services.safety.domain.state import Episode, Graded, SubjectSafety

NAMESPACE: Final = UUID("5a6f1d2e-0c1b-5c1e-9b7e-2f3f0c8d6a41")
"""Of alert identities. Never changed: it is part of every identity given so far."""


class Trigger(Rule):
    """The least grade of a term that must reach a person."""

    term: LltCode
    grade: Annotated[Grade, Field(ge=Grade.G1, le=Grade.G4)]
    source: Source


class AlertRule(Rule):
    """One rule. An episode ends after results below the trigger on `clears_after_days` sampling days in a row."""

    rule: Code
    version: Annotated[int, Field(ge=1)]
    priority: Annotated[int, Field(ge=1, le=4)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    source: Source
    triggers: Annotated[tuple[Trigger, ...], Field(min_length=1)]
    clears_after_days: Annotated[int, Field(ge=1)]
    clears_source: Source

    @model_validator(mode="after")
    def _unique(self) -> Self:
        if len(self.from_grade) != len(self.triggers):
            raise ValueError(f"{self.rule}: a term is listed twice")
        return self

    @cached_property
    def from_grade(self) -> Mapping[int, Grade]:
        """The least grade that triggers, by term."""
        return {trigger.term: trigger.grade for trigger in self.triggers}


class AlertRules(Table):
    """All alert rules."""

    rules: tuple[AlertRule, ...]

    @model_validator(mode="after")
    def _unique(self) -> Self:
        if len({rule.rule for rule in self.rules}) != len(self.rules):
            raise ValueError("a rule is listed twice")
        return self

    @cached_property
    def by_id(self) -> Mapping[str, AlertRule]:
        """The rules by id."""
        return {rule.rule: rule for rule in self.rules}


def alert_id(rule: AlertRule, study: str, subject: str, term: int, episode: int) -> UUID:
    """The identity of an alert: the same evidence in the same log gives the same alert, however often it is read."""
    return uuid5(NAMESPACE, f"{rule.rule}|{rule.version}|{study}/{subject}|{term}|{episode}")


def follow(
    rule: AlertRule, state: SubjectSafety, graded: Graded, *, study: str, subject: str, now: datetime
) -> list[Fact]:
    """What a new grade means for the episode of its term: raise the alert, keep it, or close the episode.

    `state` is what was known before. A grade that is only possible (the upper end of a range) counts: a subject is not
    left alone because a limit was missing. Results count in the order in which they were recorded.
    """
    from_grade = rule.from_grade.get(graded.term)
    if from_grade is None:
        return []
    episode = state.episodes.get((rule.rule, graded.term))
    if graded.most >= from_grade:
        if episode is not None and episode.open:
            return []
        number = episode.number + 1 if episode is not None else 1
        return [
            AlertRaised(
                study=study,
                subject=subject,
                alert=alert_id(rule, study, subject, graded.term, number),
                rule=rule.rule,
                rule_version=rule.version,
                priority=rule.priority,
                term=graded.term,
                grade=graded.most,
                evidence=graded.event_id,
                raised_at=now,
            )
        ]
    if episode is None or not episode.open or not _cleared(rule, from_grade, episode, state, graded):
        return []
    return [
        AlertEpisodeClosed(
            study=study,
            subject=subject,
            alert=episode.alert,
            raised_at=episode.raised_at,
            rule=rule.rule,
            term=graded.term,
            evidence=graded.event_id,
        )
    ]


def _cleared(rule: AlertRule, from_grade: Grade, episode: Episode, state: SubjectSafety, last: Graded) -> bool:
    """Enough sampling days below the trigger since the last result that was not.

    Days and not results: a result that was sent twice is not two. Only samples taken after that last hit count: an
    older normal value that arrives late says nothing about whether it is over.
    """
    since = (*state.graded_since(episode), last)
    hit_on = max([since[0].sampled_on, *(graded.sampled_on for graded in since if graded.most >= from_grade)])
    days = {graded.sampled_on for graded in since if graded.sampled_on > hit_on}
    return len(days) >= rule.clears_after_days
