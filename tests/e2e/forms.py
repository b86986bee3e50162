"""What every POST takes, field by field, and for each kind of field what it must not take."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from contracts.vocabulary.roles import Role
from tests.e2e.access import Endpoint

CANARY: Final = "Hostile-Marguerite"

# What no field of any kind takes, as it is written in JSON.
_NEVER = {
    "1e400": "1e400",
    "-1e400": "-1e400",
    "1e-400": "1e-400",
    "1e99999999": "1e99999999",
    "10^5000": "1" + "0" * 5000,
    "NaN": "NaN",
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
    "NUL": '"a\\u0000b"',
    "half a surrogate pair": '"\\ud800"',
    "object": f'{{"{CANARY}": "{CANARY}"}}',
    "list in lists": "[[[]]]",
    "a number of 16 digits": "9999999999999999",
    "a negative number": "-1",
}
_WORDS = {"a word": f'"{CANARY}"', "nothing": '""', "a long text": json.dumps(CANARY * 2000)}
_NO_DAYS = {
    "30 February": '"2022-02-30"',
    "year 0": '"0000-00-00"',
    "month 13": '"2022-13-01"',
    "a day with its time": '"2022-03-31T00:00:00Z"',
    "a number for a day": "20220331",
    "the last day of all": '"9999-12-31"',
    "a day to come": '"2199-01-01"',
    "digits of another script": '"２０２２-０３-３１"',
}
_TO_COME = ("the last day of all", "a day to come")
NOT: Final[Mapping[str, Mapping[str, str]]] = {
    "code": {**_NEVER, **_WORDS, "true": "true", "a number": "17", "another case": '"ct"', "a list": f'["{CANARY}"]'},
    "identifier": {
        **_NEVER,
        "nothing": '""',
        "a long text": _WORDS["a long text"],
        "two words": '"a b"',
        "an address": '"somebody@hospital.test"',
        "true": "true",
        "a number": "17",
        "a list": f'["{CANARY}"]',
    },
    "day": {**_NEVER, **_WORDS, **_NO_DAYS, "true": "true", "null": "null"},
    "planned day": {
        **_NEVER,
        **_WORDS,
        **{name: written for name, written in _NO_DAYS.items() if name not in _TO_COME},
        "true": "true",
        "null": "null",
    },
    "time": {
        **_NEVER,
        **_WORDS,
        **{name: written for name, written in _NO_DAYS.items() if name != "a day with its time"},
        "without its offset": '"2022-03-31T12:00:00"',
        "hour 25": '"2022-03-31T25:00:00Z"',
    },
    "number": {**_NEVER, **_WORDS, "true": "true", "a list": "[1]", "too exact": '"1.12345678901234567890"'},
    "whole number": {**_NEVER, **_WORDS, "true": "true", "a fraction": "1.5", "zero": "0", "a numeral": '"1"'},
    "text": {**_NEVER, "nothing": '""', "far too long": json.dumps(CANARY * 2000)},
    "unit": {**_NEVER, "nothing": '""', "another unit": '"mmol/L"', "a long text": _WORDS["a long text"]},
    "codes": {**_NEVER, **_WORDS, "numbers": "[1, 2]", "true": "true", "unknown": f'["{CANARY}"]', "nested": "[[]]"},
    "items": {
        **_NEVER,
        **_WORDS,
        "none": "[]",
        "words": f'["{CANARY} {CANARY}"]',
        "too many": f"[{','.join(['{}'] * 300)}]",
    },
}


@dataclass(frozen=True, slots=True)
class Form:
    """A body that is right, the kind of each field, which of them may be absent, and who may send it."""

    body: Mapping[str, Any]
    kinds: Mapping[str, str]
    may_be_absent: frozenset[str] = frozenset()
    role: Role = Role.INVESTIGATOR
    whose: str | None = None
    """The field that says at whose site it happens: what is not the own site is denied before its form matters."""


_SCAN = {"scan_on": "2022-03-31", "modality": "CT"}
_TARGET = {"lesion": "T1", "organ": "LIVER", "mm": "20"}
_ANSWERS = {"edition": "3.0", "completed_on": "2022-03-31", "answers": {"1": 2}}
_EVENT: Final[dict[str, Any]] = {
    "term": 10028813,
    "grade": 2,
    "onset_on": "2022-03-31",
    "aware_at": "2022-03-31T09:20:00+02:00",
    "seriousness": [],
    "causality": "PROBABLE",
    "narrative": "x",
    "ended_on": "2022-03-31",
    "outcome": "RECOVERED",
}
_EVENT_KINDS: Final = {
    "term": "whole number",
    "grade": "whole number",
    "onset_on": "day",
    "aware_at": "time",
    "seriousness": "codes",
    "causality": "code",
    "narrative": "text",
    "ended_on": "day",
    "outcome": "code",
}
_MARKER = {"marker": "CGA", "value": "182.5", "unit": "ug/L", "upper_limit": "98", "sampled_on": "2022-03-31"}
_FINDING = {"field": "platelets", "value": "210", "unit": "10*9/L", "observed_on": "2022-03-31"}
FORMS: Final[Mapping[str, Form]] = {
    "enrolment sites": Form(
        {"site": "88", "name": "Centre 88", "activated_on": "2022-01-10", "consent_versions": ["1.0"]},
        {"site": "code", "name": "text", "activated_on": "day", "consent_versions": "items"},
        role=Role.SPONSOR,
    ),
    "enrolment requirements": Form(
        {"requirement": "GOODWILL", "met_on": "2022-01-10", "reference": "TMF-1", "version": "1.0"},
        {"requirement": "code", "met_on": "day", "reference": "identifier", "version": "identifier"},
        frozenset({"version"}),
        role=Role.SPONSOR,
    ),
    "enrolment pause": Form(
        {"reason": "x y z", "paused_on": "2021-03-31"},
        {"reason": "text", "paused_on": "day"},
        frozenset({"paused_on"}),
        role=Role.SPONSOR,
    ),
    "enrolment resumption": Form(
        {"reason": "x y z", "resumed_on": "2022-03-31"},
        {"reason": "text", "resumed_on": "day"},
        frozenset({"resumed_on"}),
        role=Role.SPONSOR,
    ),
    "enrolment delegations": Form(
        {"person": "acc-1", "duty": "RANDOMIZE", "from_on": "2022-01-10", "until_on": "2022-01-09"},
        {"person": "identifier", "duty": "code", "from_on": "day"},
    ),
    "enrolment end": Form({"ended_on": "2022-03-31"}, {"ended_on": "day"}, frozenset({"ended_on"})),
    "enrolment amendments": Form(  # of no protocol file, and of a version that the sites have: refused as they are
        {"protocol_version": "none", "effective_on": "2022-03-31"},
        {"protocol_version": "identifier", "effective_on": "planned day"},
        role=Role.SPONSOR,
    ),
    "enrolment consent-versions": Form(
        {"version": "3.1", "approved_from": "2022-03-31", "reconsent_by": "2022-04-30"},
        {"version": "identifier", "approved_from": "planned day", "reconsent_by": "planned day"},
        frozenset({"reconsent_by"}),
        role=Role.SPONSOR,
    ),
    "enrolment webhooks": Form(
        {"url": "https://example.org/x", "events": ["enrolment.subject-screened"]},
        {"url": "text", "events": "items"},
    ),
    "enrolment release": Form({"reason": "EPONYM"}, {"reason": "code"}),
    "enrolment replay": Form({"from": 1}, {"from": "whole number"}),
    "enrolment subjects": Form(
        {"site": "01", "sex": "F", "birth_month": "1958-04", "screened_on": "2022-03-31"},
        {"site": "code", "sex": "code", "birth_month": "day", "screened_on": "day"},
        whose="site",
    ),
    "enrolment consents": Form({"version": "3.1", "signed_on": "2022-03-31"}, {"signed_on": "day"}),
    "enrolment findings": Form({"findings": [_FINDING]}, {"findings": "items"}),
    "enrolment eligibility-overrides": Form(
        {"gate": 1, "criterion": "I99", "overridden_on": "2022-03-31", "reason": "x y z"},
        {"gate": "whole number", "overridden_on": "day", "reason": "text"},
        frozenset({"overridden_on"}),
        role=Role.SPONSOR,
    ),
    "enrolment non-inclusion": Form({"decided_on": "2021-03-31"}, {"decided_on": "day"}, frozenset({"decided_on"})),
    "enrolment inclusion": Form({"included_on": "2022-03-31"}, {"included_on": "day"}, frozenset({"included_on"})),
    "enrolment cycles": Form(
        {"cycle": 1, "given_on": "2022-03-31", "administered_mbq": "7385.5", "prescribed_mbq": "7400"},
        {"cycle": "whole number", "given_on": "day", "administered_mbq": "number", "prescribed_mbq": "number"},
        frozenset({"prescribed_mbq", "administered_mbq"}),
    ),
    "enrolment cycle-delays": Form(
        {"cycle": 3, "delayed_on": "2022-03-31", "planned_on": "2022-04-30", "reason": "SUPPLY"},
        {"cycle": "whole number", "delayed_on": "day", "reason": "code"},
    ),
    "enrolment cycle-omissions": Form(
        {"cycle": 3, "omitted_on": "2022-03-31", "reason": "SUPPLY"},
        {"cycle": "whole number", "omitted_on": "day", "reason": "code"},
    ),
    "enrolment surveillance": Form({"started_on": "2022-03-31"}, {"started_on": "day"}),
    "enrolment treatment-discontinuations": Form(
        {"reason": "TOXICITY", "discontinued_on": "2022-03-31"}, {"reason": "code", "discontinued_on": "day"}
    ),
    "enrolment run-in-exits": Form(
        {"reason": "TOXICITY", "ended_on": "2022-03-31"}, {"reason": "code", "ended_on": "day"}
    ),
    "enrolment deaths": Form({"died_on": "2022-03-31", "cause": "TUMOUR"}, {"died_on": "day", "cause": "code"}),
    "enrolment new-therapies": Form(
        {"started_on": "2022-03-31", "therapy": "EVEROLIMUS"}, {"started_on": "day", "therapy": "code"}
    ),
    "enrolment survival-contacts": Form({"last_alive_on": "2022-03-31"}, {"last_alive_on": "day"}),
    "enrolment withdrawals": Form(
        {"scope": "TREATMENT", "withdrawn_on": "2022-03-31"}, {"scope": "code", "withdrawn_on": "day"}
    ),
    "enrolment losses": Form(
        {"declared_on": "2022-03-31", "attempts": [{"on": "2022-03-31", "means": "PHONE"}]},
        {"declared_on": "day", "attempts": "items"},
    ),
    "enrolment recontacts": Form({"recontacted_on": "2022-03-31"}, {"recontacted_on": "day"}),
    "enrolment end-of-study": Form(
        {"ended_on": "2022-03-31"}, {"ended_on": "day"}, frozenset({"ended_on"}), role=Role.SPONSOR
    ),
    "enrolment corrections": Form(
        {"annul": "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11", "reason": "x y z", "entries": []},
        {"annul": "code", "reason": "text"},
        frozenset({"entries"}),
    ),
    "enrolment visits": Form(  # of no protocol: refused as it is
        {"visit": "V99", "performed_on": "2022-03-31", "forms": [{"form": "CLINICAL"}], "note": "x y z"},
        {"performed_on": "day", "note": "text"},
        frozenset({"forms", "note"}),
    ),
    "enrolment deviations": Form(
        {"severity": "MINOR", "occurred_on": "2022-03-31", "note": "x y z"},
        {"severity": "code", "occurred_on": "day", "note": "text"},
        frozenset({"note"}),
    ),
    "randomizer lists": Form({"text": "# rows: 1", "reason": "x y z"}, {"reason": "text"}, role=Role.STATISTICIAN),
    "randomizer drafts": Form(
        {"reason": "x y z", "list_sha256": "0" * 64},
        {"reason": "text", "list_sha256": "code"},
        frozenset({"list_sha256"}),
        role=Role.SPONSOR,
    ),
    "randomizer signatures": Form(
        {"configuration_sha256": "0" * 64, "reason": "x y z"},
        {"configuration_sha256": "code", "reason": "text"},
        role=Role.STATISTICIAN,
    ),
    **{
        f"randomizer {what}": Form({"reason": "x y z"}, {"reason": "text"}, role=Role.SPONSOR)
        for what in ("pause", "resumption", "closure", "lock-signatures")
    },
    "randomizer cap": Form(
        {"cap": 160, "reason": "x y z"}, {"cap": "whole number", "reason": "text"}, role=Role.SPONSOR
    ),
    "randomizer annotations": Form(
        {"annotation": "INELIGIBLE", "discovered_on": "2022-03-31", "other_subject": "01-002", "reason": "x y z"},
        {"annotation": "code", "discovered_on": "day", "other_subject": "code", "reason": "text"},
        frozenset({"other_subject"}),
    ),
    "randomizer resolution": Form({"reason": "x y z"}, {"reason": "text"}, role=Role.SPONSOR),
    "randomizer randomizations": Form({"subject": "01-001"}, {"subject": "code"}, role=Role.RANDOMIZER),
    "assessment tumour-assessments": Form(
        {"timepoint": "M4", "scan_on": "2022-03-31", "modality": "CT", "response": "SD", "comment": "x"},
        {"scan_on": "day", "modality": "code", "response": "code", "comment": "text"},
        frozenset({"comment"}),
    ),
    "assessment tumour-assessments/{timepoint}/re-readings": Form(
        {**_SCAN, "response": "SD", "reason": "x y z", "comment": "x"},
        {"scan_on": "day", "modality": "code", "response": "code", "reason": "text", "comment": "text"},
        frozenset({"comment"}),
    ),
    "assessment baselines": Form(
        {**_SCAN, "baseline": "POST_C2", "study_uid": "2.25.17", "targets": [_TARGET]},
        {"scan_on": "day", "modality": "code", "study_uid": "code"},
        frozenset({"study_uid"}),
    ),
    "assessment baselines/{baseline}/re-readings": Form(
        {**_SCAN, "reason": "x y z", "targets": [_TARGET]},
        {"scan_on": "planned day", "modality": "code", "reason": "text"},
    ),
    "assessment confirmations": Form({"reason": "x y z"}, {"reason": "text"}),
    "assessment review-scans": Form(
        {**_SCAN, "timepoint": "POST_C2", "study_uid": "2.25.17"},
        {"scan_on": "day", "modality": "code", "study_uid": "code"},
    ),
    "assessment re-reads": Form(
        {"timepoint": "M2", "place": 1, "reason": "x y z"},
        {"place": "whole number", "reason": "text"},
        role=Role.MONITOR,
    ),
    "assessment claims": Form({"task": "READ"}, {"task": "code"}, role=Role.READER),
    "assessment lesions": Form({"targets": [_TARGET]}, {}, role=Role.READER),
    "assessment reads": Form(
        {"sequence": 1, "seen": {}, "response": "SD", "stated_stands": "x y z"},
        {"sequence": "whole number", "response": "code", "stated_stands": "text"},
        frozenset({"stated_stands"}),
        role=Role.READER,
    ),
    "assessment adjudications": Form(
        {"sequence": 1, "chosen": "FIRST", "because": "MEASUREMENT"},
        {"sequence": "whole number", "chosen": "code", "because": "code"},
        role=Role.READER,
    ),
    "assessment questionnaires": Form(
        {**_ANSWERS, "questionnaire": "QLQ_C30", "occasion": "M6"},
        {"questionnaire": "code", "occasion": "code", "edition": "code", "completed_on": "day"},
    ),
    "assessment questionnaires/{questionnaire}/{occasion}/corrections": Form(
        {**_ANSWERS, "reason": "x y z"},
        {"edition": "code", "completed_on": "planned day", "reason": "text"},
    ),
    "assessment biomarkers": Form(
        {**_MARKER, "method": "ELISA"},
        {
            "marker": "code",
            "value": "number",
            "unit": "unit",
            "upper_limit": "number",
            "method": "code",
            "sampled_on": "day",
        },
        frozenset({"upper_limit", "method"}),
    ),
    "assessment biomarkers/{measurement}/corrections": Form(
        {**_MARKER, "reason": "x y z"},
        {"marker": "code", "value": "number", "unit": "unit", "sampled_on": "planned day", "reason": "text"},
    ),
    "assessment timepoints": Form({"biomarkers": [_MARKER]}, {}),
    "assessment release": Form({"reason": "EPONYM"}, {"reason": "code"}),
    "safety release": Form({"reason": "EPONYM"}, {"reason": "code"}),
    "safety adverse-events": Form(_EVENT, _EVENT_KINDS, frozenset({"narrative", "seriousness", "ended_on", "outcome"})),
    "safety adverse-events/{adverse_event}/follow-ups": Form(
        {**_EVENT, "reason": "x y z"},
        {**_EVENT_KINDS, "onset_on": "planned day", "ended_on": "planned day", "reason": "text"},
        frozenset({"narrative", "seriousness", "ended_on", "outcome"}),
    ),
    "safety laboratory-results": Form(
        {
            "analyte": "PLATELETS",
            "value": "74.95",
            "unit": "10*9/L",
            "lower_limit": "150",
            "upper_limit": "400",
            "sampled_on": "2022-03-31",
        },
        {
            "analyte": "code",
            "value": "number",
            "unit": "unit",
            "lower_limit": "number",
            "upper_limit": "number",
            "sampled_on": "day",
        },
        frozenset({"lower_limit", "upper_limit"}),
    ),
    "dosimetry dosimetry-qualifications": Form(
        {
            "camera": "NM-670",
            "acquisition": "SPECT_CT",
            "calibration_factor": "5.67",
            "recovery": [],
            "phantom_on": "2022-01-10",
            "cross_checked_on": "2022-01-10",
            "cross_check_percent": "7.5",
            "valid_from": "2022-01-10",
            "valid_to": "2023-01-09",
        },
        {
            "camera": "identifier",
            "acquisition": "code",
            "calibration_factor": "number",
            "phantom_on": "planned day",
            "cross_checked_on": "planned day",
            "valid_from": "planned day",
            "valid_to": "planned day",
        },
        frozenset({"recovery"}),
    ),
    "dosimetry annulment": Form({"reason": "x y z"}, {"reason": "text"}),
    "dosimetry dosimetry-infusions": Form(
        {"cycle": 1, "administered_mbq": "7385.5", "infusion_started_at": "2022-03-08T09:15:00+01:00"},
        {"cycle": "whole number", "administered_mbq": "number", "infusion_started_at": "time"},
    ),
    "dosimetry dosimetry-scans": Form(
        {
            "cycle": 1,
            "acquired_at": "2022-03-09T10:05:00+01:00",
            "acquisition": "PLANAR",
            "camera": "NM-670",
            "study_uid": "1.2.826.0.1.3680043.8.498.17",
            "quality": "PASSED",
            "regions": [{"organ": "KIDNEY_L", "mass_g": "163.2", "activity_mbq": "71.4", "sd_mbq": "3.6"}],
        },
        {
            "cycle": "whole number",
            "acquired_at": "time",
            "acquisition": "code",
            "camera": "identifier",
            "study_uid": "identifier",
            "quality": "code",
            "regions": "items",
        },
    ),
    "dosimetry dosimetry-annulments": Form(
        {"annul": "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11", "reason": "x y z"}, {"annul": "code", "reason": "text"}
    ),
    "dosimetry absorbed-doses": Form(
        {"cycle": 1, "organs": ["KIDNEY_L"]}, {"cycle": "whole number", "organs": "codes"}, frozenset({"organs"})
    ),
}
"""By service and last part of the address, or more of it where that is not enough.

A text that may say anything, and a code that is looked up, are left out.
"""


def form_of(endpoint: Endpoint) -> Form | None:
    """The form of an endpoint that takes a body."""
    parts = endpoint.template.split("/")
    keys = (f"{endpoint.service} {'/'.join(parts[-n:])}" for n in (4, 3, 2, 1))
    return next((FORMS[key] for key in keys if key in FORMS), None)
