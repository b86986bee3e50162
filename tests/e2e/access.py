"""Who may call what: the whole answer of the trial to that question, written by hand and by nobody's policy.

`A` at every site, `o` at the own site alone, `.` not at all. A column is a role:

I investigator   C coordinator    R randomizer     P pharmacist                                        at a site
S sponsor        M monitor        V pharmacovigilance                                           the trial's team
D reader of scans                 U unblinded statistician          B safety board            blind, and unblinded
O operations     N inspector                                                                              others

Below every service's own paths stands `/studies/{study}`, which is left out here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from contracts.vocabulary.roles import Role

COLUMNS: Final = {
    "I": Role.INVESTIGATOR,
    "C": Role.COORDINATOR,
    "R": Role.RANDOMIZER,
    "P": Role.PHARMACIST,
    "S": Role.SPONSOR,
    "M": Role.MONITOR,
    "V": Role.PV,
    "D": Role.READER,
    "U": Role.STATISTICIAN,
    "B": Role.SAFETY_BOARD,
    "O": Role.OPS,
    "N": Role.INSPECTOR,
}

_TABLE: Final = """
                                                                                    I C R P  S M V  D U B  O N
enrolment   POST /sites                                                             . . . .  A . .  . . .  . .
enrolment   GET  /sites                                                             A A A A  A A A  . A .  A A
enrolment   GET  /sites/{site}                                                      A A A A  A A A  . A .  A A
enrolment   POST /sites/{site}/requirements                                         . . . .  A . .  . . .  . .
enrolment   POST /sites/{site}/pause                                                . . . .  A . .  . . .  . .
enrolment   POST /sites/{site}/resumption                                           . . . .  A . .  . . .  . .
enrolment   POST /sites/{site}/delegations                                          o . . .  . . .  . . .  . .
enrolment   POST /sites/{site}/delegations/{delegation}/end                         o . . .  . . .  . . .  . .
enrolment   GET  /sites/{site}/delegations                                          o o o o  A A .  . . .  . A
enrolment   POST /sites/{site}/amendments                                           . . . .  A . .  . . .  . .
enrolment   POST /sites/{site}/consent-versions                                     . . . .  A . .  . . .  . .
enrolment   GET  /sites/{site}/reconsents                                           o o o o  A A A  . A .  . A
enrolment   POST /sites/{site}/webhooks                                             o o . .  . . .  . . .  . .
enrolment   GET  /sites/{site}/webhooks                                             o o . .  . . .  . . .  . .
enrolment   GET  /sites/{site}/webhooks/{webhook}                                   o o . .  . . .  . . .  . .
enrolment   DELETE /sites/{site}/webhooks/{webhook}                                 o o . .  . . .  . . .  . .
enrolment   GET  /sites/{site}/webhooks/{webhook}/deliveries                        o o . .  . . .  . . .  . .
enrolment   POST /sites/{site}/webhooks/{webhook}/replay                            o o . .  . . .  . . .  . .
enrolment   GET  /sites/{site}/quarantine                                           o o . .  . . .  . . .  . .
enrolment   GET  /sites/{site}/quarantine/{text}                                    o . . .  . . .  . . .  . .
enrolment   POST /sites/{site}/quarantine/{text}/release                            o . . .  . . .  . . .  . .
enrolment   DELETE /sites/{site}/quarantine/{text}                                  o . . .  . . .  . . .  . .
enrolment   POST /subjects                                                          o o . .  . . .  . . .  . .
enrolment   GET  /subjects                                                          o o o o  A A A  . A .  . A
enrolment   GET  /subjects/{subject}                                                o o o o  A A A  . A .  . A
enrolment   POST /subjects/{subject}/consents                                       o o . .  . . .  . . .  . .
enrolment   POST /subjects/{subject}/findings                                       o o . .  . . .  . . .  . .
enrolment   GET  /subjects/{subject}/eligibility                                    o o o o  A A A  . A .  . A
enrolment   POST /subjects/{subject}/inclusion                                      o . . .  . . .  . . .  . .
enrolment   POST /subjects/{subject}/eligibility-overrides                          . . . .  A . .  . . .  . .
enrolment   POST /subjects/{subject}/non-inclusion                                  o . . .  . . .  . . .  . .
enrolment   POST /subjects/{subject}/cycles                                         o . . o  . . .  . . .  . .
enrolment   POST /subjects/{subject}/cycle-delays                                    o . . .  . . .  . . .  . .
enrolment   POST /subjects/{subject}/cycle-omissions                                 o . . .  . . .  . . .  . .
enrolment   POST /subjects/{subject}/surveillance                                    o . . .  . . .  . . .  . .
enrolment   POST /subjects/{subject}/treatment-discontinuations                      o . . .  . . .  . . .  . .
enrolment   GET  /subjects/{subject}/cycles                                          o o o o  . . .  . A A  . .
enrolment   POST /subjects/{subject}/run-in-exits                                   o . . .  . . .  . . .  . .
enrolment   POST /subjects/{subject}/deaths                                         o . . .  . . .  . . .  . .
enrolment   POST /subjects/{subject}/new-therapies                                  o o . .  . . .  . . .  . .
enrolment   POST /subjects/{subject}/survival-contacts                              o o . .  . . .  . . .  . .
enrolment   POST /subjects/{subject}/withdrawals                                    o . . .  . . .  . . .  . .
enrolment   POST /subjects/{subject}/losses                                         o . . .  . . .  . . .  . .
enrolment   POST /subjects/{subject}/recontacts                                     o . . .  . . .  . . .  . .
enrolment   POST /subjects/{subject}/end-of-study                                   . . . .  A . .  . . .  . .
enrolment   POST /subjects/{subject}/corrections                                    o . . .  . . .  . . .  . .
enrolment   POST /subjects/{subject}/randomization-authorizations                   . . o .  . . .  . . .  . .
enrolment   GET  /subjects/{subject}/strata                                         o o o o  A A .  . . .  . .
enrolment   GET  /subjects/{subject}/visits                                         o o o o  A A A  . A .  . A
enrolment   GET  /subjects/{subject}/visits.ics                                     o o o o  A A A  . A .  . A
enrolment   POST /subjects/{subject}/visits                                         o o . .  . . .  . . .  . .
enrolment   POST /subjects/{subject}/deviations                                     o . . .  . A .  . . .  . .
enrolment   GET  /subjects/{subject}/deviations                                     o o o o  A A A  . A A  . A
enrolment   GET  /deviations                                                        o o o o  A A A  . A A  . A
enrolment   GET  /visits                                                            o o o o  A A A  . A .  . A
randomizer  POST /allocation/lists                                                  . . . .  . . .  . A .  . .
randomizer  POST /allocation/drafts                                                 . . . .  A . .  . A .  . .
randomizer  GET  /allocation/drafts                                                 . . . .  A . .  . A .  . A
randomizer  POST /allocation/drafts/{version}/signatures                            . . . .  A . .  . A .  . .
randomizer  POST /allocation/drafts/{version}/activation                            . . . .  A . .  . . .  . .
randomizer  GET  /allocation                                                        A A A A  A A .  . A A  A A
randomizer  GET  /allocation/balance                                                . . . .  . . .  . A .  . .
randomizer  GET  /allocation/bundle                                                 . . . .  . . .  . A .  . A
randomizer  GET  /allocation/prevalences                                            . . . .  . . .  . A .  . .
randomizer  POST /allocation/cap                                                    . . . .  A . .  . . .  . .
randomizer  POST /allocation/pause                                                  . . . .  A . .  . . .  . .
randomizer  POST /allocation/resumption                                             . . . .  A . .  . . .  . .
randomizer  POST /allocation/closure                                                . . . .  A . .  . . .  . .
randomizer  POST /allocation/lock-signatures                                        . . . .  A . .  . A .  . .
randomizer  POST /randomizations                                                    . . o .  . . .  . . .  . .
randomizer  GET  /randomizations                                                    o o o o  A A .  . . .  . A
randomizer  GET  /randomizations/{subject}                                          o o o o  . . .  . A A  . .
randomizer  POST /randomizations/{subject}/annotations                              o . . .  A A .  . . .  . .
randomizer  POST /randomizations/{subject}/strata-verifications                     . . . .  A A .  . . .  . .
randomizer  GET  /discrepancies                                                     o o o o  A A .  . . .  . A
randomizer  GET  /discrepancies/{discrepancy}                                       o o o o  A A .  . . .  . A
randomizer  POST /discrepancies/{discrepancy}/resolution                            . . . .  A A .  . . .  . .
assessment  POST /subjects/{subject}/tumour-assessments                             o . . .  . . .  . . .  . .
assessment  GET  /subjects/{subject}/tumour-assessments                             o o o o  . A .  . A A  . A
assessment  GET  /subjects/{subject}/tumour-assessments/{timepoint}                 o o o o  . A .  . A A  . A
assessment  GET  /subjects/{subject}/tumour-assessments/{timepoint}/evidence        o o o o  . A .  . A A  . A
assessment  POST /subjects/{subject}/tumour-assessments/{timepoint}/re-readings     o . . .  . . .  . . .  . .
assessment  POST /subjects/{subject}/baselines                                      o . . .  . . .  . . .  . .
assessment  GET  /subjects/{subject}/baselines                                      o o o o  . A .  . A A  . A
assessment  GET  /subjects/{subject}/baselines/{baseline}                           o o o o  . A .  . A A  . A
assessment  POST /subjects/{subject}/baselines/{baseline}/re-readings               o . . .  . . .  . . .  . .
assessment  GET  /subjects/{subject}/response-queries                               o o o o  . A .  . A A  . A
assessment  POST /subjects/{subject}/response-queries/{query}/confirmations         o . . .  . . .  . . .  . .
assessment  POST /subjects/{subject}/review-scans                                   o o . .  . . .  . . .  . .
assessment  POST /subjects/{subject}/review/re-reads                                . . . .  . A .  . . .  . .
assessment  GET  /subjects/{subject}/review                                         o o o o  A A .  . A A  . A
assessment  GET  /review-agreement                                                  . . . .  A A .  . A .  . A
assessment  GET  /reading-queue                                                     . . . .  . . .  A . .  . .
assessment  GET  /reviews/{case}                                                    . . . .  . . .  A . .  . .
assessment  POST /reviews/{case}/claims                                             . . . .  . . .  A . .  . .
assessment  POST /reviews/{case}/lesions                                            . . . .  . . .  A . .  . .
assessment  POST /reviews/{case}/reads                                              . . . .  . . .  A . .  . .
assessment  POST /reviews/{case}/adjudications                                      . . . .  . . .  A . .  . .
assessment  POST /subjects/{subject}/questionnaires                                 o o . .  . . .  . . .  . .
assessment  POST /subjects/{subject}/questionnaires/{questionnaire}/{occasion}/corrections o o . .  . . .  . . .  . .
assessment  GET  /subjects/{subject}/questionnaires                                 o o . .  . A .  . A A  . A
assessment  GET  /subjects/{subject}/questionnaires/{questionnaire}/{occasion}      o o . .  . A .  . A A  . A
assessment  GET  /subjects/{subject}/quality-of-life                                o o . .  . A .  . A A  . A
assessment  POST /subjects/{subject}/biomarkers                                     o o . .  . . .  . . .  . .
assessment  POST /subjects/{subject}/biomarkers/{measurement}/corrections           o o . .  . . .  . . .  . .
assessment  GET  /subjects/{subject}/biomarkers                                     o o o o  . A .  . A A  . A
assessment  POST /uploads/readings                                                  o . . .  . . .  . . .  . .
assessment  POST /uploads/questionnaires                                            o o . .  . . .  . . .  . .
assessment  POST /subjects/{subject}/timepoints                                     o o . .  . . .  . . .  . .
assessment  GET  /sites/{site}/quarantine                                           o o . .  . . .  . . .  . .
assessment  GET  /sites/{site}/quarantine/{text}                                    o . . .  . . .  . . .  . .
assessment  POST /sites/{site}/quarantine/{text}/release                            o . . .  . . .  . . .  . .
assessment  DELETE /sites/{site}/quarantine/{text}                                  o . . .  . . .  . . .  . .
safety      POST /subjects/{subject}/adverse-events                                 o o . .  . . A  . . .  . .
safety      GET  /subjects/{subject}/adverse-events                                 o o o o  . A A  . A A  . A
safety      GET  /subjects/{subject}/adverse-events/{adverse_event}                 o o o o  . A A  . A A  . A
safety      POST /subjects/{subject}/adverse-events/{adverse_event}/follow-ups      o o . .  . . A  . . .  . .
safety      GET  /subjects/{subject}/adverse-events/{adverse_event}/versions        o o o o  . A A  . A A  . A
safety      POST /subjects/{subject}/laboratory-results                             o o . .  . . .  . . .  . .
safety      GET  /subjects/{subject}/laboratory-results                             o o o o  . A A  . A A  . A
safety      GET  /subjects/{subject}/laboratory-results/{result}                    o o o o  . A A  . A A  . A
safety      GET  /alerts                                                            o o o o  . A A  . . A  . A
safety      GET  /adverse-event-terms                                               A A A A  . A A  . A A  . A
safety      GET  /sites/{site}/quarantine                                           o o . .  . . .  . . .  . .
safety      GET  /sites/{site}/quarantine/{text}                                    o . . .  . . .  . . .  . .
safety      POST /sites/{site}/quarantine/{text}/release                            o . . .  . . .  . . .  . .
safety      DELETE /sites/{site}/quarantine/{text}                                  o . . .  . . .  . . .  . .
dosimetry   POST /sites/{site}/dosimetry-qualifications                             o . . o  . . .  . . .  . .
dosimetry   GET  /sites/{site}/dosimetry-qualifications                             o o o o  A A .  . A A  . A
dosimetry   POST /sites/{site}/dosimetry-qualifications/{qualification}/annulment   o . . o  . . .  . . .  . .
dosimetry   POST /subjects/{subject}/dosimetry-infusions                            o . . o  . . .  . . .  . .
dosimetry   POST /subjects/{subject}/dosimetry-scans                                o . . o  . . .  . . .  . .
dosimetry   GET  /subjects/{subject}/dosimetry                                      o o o o  . . .  . A A  . .
dosimetry   POST /subjects/{subject}/dosimetry-annulments                           o . . o  . . .  . . .  . .
dosimetry   POST /subjects/{subject}/absorbed-doses                                 o . . o  . . .  . . .  . .
dosimetry   GET  /subjects/{subject}/absorbed-doses                                 o o o o  . . .  . A A  . .
dosimetry   GET  /subjects/{subject}/cumulative-doses                               o o o o  . . .  . A A  . .
analytics   GET  /participant-flow                                                  o o o o  A A .  . A A  . A
analytics   GET  /participant-flow/by-arm                                           . . . .  . . .  . A A  . .
analytics   GET  /disease-status                                                    o o o o  A A .  . A A  . .
analytics   GET  /questionnaires/completion                                         o o o o  A A .  . A A  . .
analytics   GET  /endpoints/dcr-6-months                                            . . . .  A A .  . A A  . .
analytics   GET  /endpoints/dcr-6-months/by-arm                                     . . . .  . . .  . A A  . .
analytics   GET  /alerts                                                            o o o o  . . A  . . A  . .
analytics   GET  /positions                                                         A A A A  A A A  A A A  A A
"""

OPEN: Final = frozenset({"/health/live", "/health/ready", "/health/consistency", "/metrics"})
"""What every service shows to everybody: nothing of any subject."""

ARM_BEARING: Final = frozenset(
    {
        ("randomizer", "/studies/{study}/randomizations/{subject}"),
        ("randomizer", "/studies/{study}/allocation/balance"),
        ("enrolment", "/studies/{study}/subjects/{subject}/cycles"),
        ("dosimetry", "/studies/{study}/subjects/{subject}/dosimetry"),
        ("dosimetry", "/studies/{study}/subjects/{subject}/absorbed-doses"),
        ("dosimetry", "/studies/{study}/subjects/{subject}/cumulative-doses"),
        ("analytics", "/studies/{study}/participant-flow/by-arm"),
        ("analytics", "/studies/{study}/endpoints/dcr-6-months/by-arm"),
    }
)
"""The only reads whose answer may tell an arm to all who get it.

Visits and deviations that not all arms have are left out of theirs for whoever may not see treatment.
"""

TELLS_TREATMENT: Final = frozenset(
    {
        ("enrolment", "/studies/{study}/subjects/{subject}/visits"),
        ("enrolment", "/studies/{study}/subjects/{subject}/visits.ics"),
        ("enrolment", "/studies/{study}/subjects/{subject}/deviations"),
        ("enrolment", "/studies/{study}/visits"),
        ("enrolment", "/studies/{study}/deviations"),
    }
)
"""Reads that show a site what only one arm has, of its own subjects, and the closed roles what they may see anyway."""

NOT_IN_THE_TRIAL: Final = ("{webhook}", "{text}", "{baseline}", "{case}", "{occasion}")
"""What the twins' trial has none of: reads of one are answered 404."""

AFTER_THE_LOCK: Final = frozenset({("randomizer", "/studies/{study}/allocation/bundle")})
"""Reads that tell all arms once the allocation is locked. Until then they are refused to those who may ask as well."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method at a path template of a service, and the reach of each role that it has one for."""

    service: str
    method: str
    template: str
    reach: dict[Role, str]

    @property
    def about_a_subject(self) -> bool:
        """Whether the address names a subject."""
        return "{subject}" in self.template

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.template}"


def _read(table: str) -> Iterator[Endpoint]:
    header, *lines = (line for line in table.splitlines() if line)
    roles = [COLUMNS[letter] for letter in header.split()]
    for line in lines:
        service, method, path, *cells = line.split()
        reach = {role: cell for role, cell in zip(roles, cells, strict=True) if cell != "."}
        assert set(reach.values()) <= {"A", "o"}, line
        yield Endpoint(service, method, f"/studies/{{study}}{path}", reach)


ENDPOINTS: Final = tuple(_read(_TABLE))

TELLS_THE_DESIGN: Final = frozenset({("randomizer", "/studies/{study}/allocation/drafts")})
"""Reads for those who sign, that name the arms and block sizes of the design: of no subject, and with no allocation."""
