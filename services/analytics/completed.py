"""Completion of questionnaires, all arms together: the query and the shape of its answer."""

from collections.abc import Collection
from datetime import date
from typing import Self

from pydantic import BaseModel, Field

from contracts.vocabulary.identifiers import SiteId, StudyId
from services.analytics.domain import completion
from services.analytics.domain.completion import Completion, Needless
from services.analytics.projections import DOSSIERS, FILLED
from services.analytics.shapes import NOT_ESTIMABLE, NotEstimable, StandsOn
from services.analytics.statistics.intervals import percent, share_of
from services.analytics.views import Context, the_only


class Rate(BaseModel):
    """A share of subjects, nothing estimated. The decimals are texts, so that no reader rounds them again."""

    x: int = Field(examples=[61])
    n: int = Field(examples=[68])
    percent: str = Field(examples=["89.7"])
    proportion: str = Field(examples=["0.897058823529"])

    @classmethod
    def of(cls, x: int, n: int) -> "Rate | NotEstimable":
        """The rate; of nobody there is none."""
        if n == 0:
            return NOT_ESTIMABLE
        share = share_of(x, n)
        return cls(x=x, n=n, percent=percent(share), proportion=f"{share:f}")


class CompletionRow(BaseModel):
    """One questionnaire on one occasion. `population` = `received` + `missing` + `not_due` + `not_expected`."""

    occasion: str = Field(examples=["M6"])
    visits: list[str] = Field(description="of the schedule; an arm has one of them each", examples=[["V7"]])
    counted_from: str = Field(description="what the window is counted from", examples=["randomization"])
    questionnaire: str = Field(examples=["QLQ_C30"])
    population: int = Field(description="included subjects; on occasions counted from randomization the randomized")
    received: int
    received_in_window: int
    missing: int = Field(description="the window is over, nothing made it needless, and nothing was received")
    not_due: int = Field(description="the window is open or still to come")
    not_expected: dict[Needless, int] = Field(description="not received, by what came before the window was over")
    completion: Rate | NotEstimable = Field(description="received of what was expected: `received` + `missing`")
    available: Rate | NotEstimable = Field(description="received of the whole population")

    @classmethod
    def of(cls, found: Completion) -> Self:
        """As it is shown."""
        return cls(
            occasion=found.occasion.code,
            visits=[route[-1].id for route in found.occasion.routes],
            counted_from=found.occasion.anchor,
            questionnaire=found.questionnaire,
            population=found.population,
            received=found.received,
            received_in_window=found.in_window,
            missing=found.missing,
            not_due=found.not_due,
            not_expected=dict(found.not_expected),
            completion=Rate.of(found.received, found.expected),
            available=Rate.of(found.received, found.population),
        )


class CompletionView(BaseModel):
    """Every questionnaire of the protocol on every occasion, in its order."""

    study: StudyId
    site: SiteId | None = Field(default=None, description="absent: all sites that the caller may see")
    as_of: date = Field(description="the last clinical day that counts")
    rows: list[CompletionRow]
    stands_on: StandsOn


async def questionnaires(
    ctx: Context, study: str, sites: Collection[str] | None, wanted: date | None
) -> CompletionView:
    """Completion of the study, or of some sites."""
    protocol = ctx.protocol(study)
    as_of = ctx.cut_off(protocol, wanted)
    async with ctx.reading.snapshot(study) as snapshot:
        dossiers = await snapshot.states(DOSSIERS, sites)
        filled = await snapshot.states(FILLED, sites)
        standing = await snapshot.standing()
    return CompletionView(
        study=study,
        site=the_only(sites),
        as_of=as_of,
        rows=[CompletionRow.of(one) for one in completion.completion(dossiers, filled, protocol, as_of)],
        stands_on=StandsOn.of(standing, protocol),
    )
