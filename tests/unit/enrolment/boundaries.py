"""More cases at the limits of the criteria: what `test_boundaries` finds wanting in the tables of `test_criteria`."""

from contracts.vocabulary.logic import Truth

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN

STABLE_BRAIN = {
    "brain_metastases": "HISTORY",
    "brain_metastases_treated": "true",
    "brain_stable_since": "2025-09-23",  # 168 days before inclusion
    "head_imaging_on": "2026-02-20",
    "head_imaging_modality": "MRI",
    "head_imaging_stable": "true",
}


def _each(criterion: str, field: str, **codes: Truth) -> list[tuple[str, dict[str, str | None], Truth]]:
    return [(criterion, {field: code}, outcome) for code, outcome in codes.items()]


MORE_OF_GATE_1: list[tuple[str, dict[str, str | None], Truth]] = [
    ("I01", {"consent_signed_on": None}, U),
    *_each("I02", "primary_site", JEJUNUM=T, ILEUM=T, SMALL_BOWEL_OTHER=T, CAECUM=T, COLON=T, LUNG=F, OTHER=F),
    *_each("I02", "who_grade", G2=T),
    # I04: "12" completed months, one day before and on the day; the day after is in the other table
    ("I04", {"first_prrt_last_dose_on": "2024-11-20"}, T),
    ("I04", {"first_prrt_last_dose_on": "2024-11-21"}, F),
    ("I04", {"first_prrt_last_dose_on": "2024-10-20"}, T),
    *_each("I05", "progression_types", CLINICAL=T, RADIOLOGICAL=T),
    ("I05", {"first_progression_on": "2023-01-14"}, F),
    ("I05", {"first_progression_on": None}, U),
    ("I05", {"first_prrt_last_dose_on": None}, U),
    *_each("I06", "board", RENATEN=T),
    *_each("I06", "board_decision", RETREAT=T, DO_NOT_RETREAT=F),
    ("I06", {"board_decided_on": "2026-03-09"}, T),
    ("I06", {"board_decided_on": None}, U),
    ("I06", {"board_decision": None}, U),
    ("I07", {"ecog": "1"}, T),
    ("I09", {"sstr_imaging_on": "2025-11-11"}, T),
    ("I09", {"sstr_imaging_on": "2026-03-09"}, T),
    *_each("I09", "sstr_modality", GA68_PET=T),
    ("I10", {"lesions_sstr_positive": None}, U),
    ("I10", {"lesions_sstr_positive": "901", "lesions_seen": "1000"}, T),
    ("I10", {"lesions_sstr_positive": "899", "lesions_seen": "1000"}, F),
    ("I10", {"uptake_reference": "SURROUNDING", "uptake_comparison": "BELOW"}, F),
    ("I11", {"largest_lesion": "10.1 mm"}, T),
    ("I11", {"largest_lesion": "0 mm", "largest_node": "15.1 mm"}, T),
    ("I11", {"largest_lesion": "0 mm", "largest_node": None}, U),
    ("I13", {"haemoglobin": "7.99 g/dL"}, F),
    ("I14", {"neutrophils": "1.499 10*9/L"}, F),
    ("I14", {"neutrophils": "1501 /mm3"}, T),
    ("I15", {"platelets": "80001 /mm3"}, T),
    ("I16", {"consent_signed_on": "2026-03-09"}, T),
    *_each("E01", "first_prrt_best_response", PR=F),
    ("E03", {"first_prrt_haematological_grade": "5"}, T),
    ("E03", {"first_prrt_haematological_grade": None}, U),
    ("E03", {"first_prrt_renal_grade": "3"}, F),
    ("E04", {"unresolved_prior_ae_grade": "3"}, T),
    *_each(
        "E05", "primary_site", DUODENUM=F, JEJUNUM=F, SMALL_BOWEL_OTHER=F, APPENDIX=F, CAECUM=F, COLON=F, RECTUM=F,
        STOMACH=F, LUNG=F, OTHER=F, UNKNOWN_PRIMARY=F,
    ),
    ("E07", {"ebrt_marrow": "24.9 %"}, F),
    ("E09", {"nephrotic_syndrome": "false"}, F),
    ("E10", {"alt": "99 U/L"}, F),
    ("E10", {"ast": "99 U/L"}, F),
    ("E10", {"alt": "199 U/L", "liver_abnormality_due_to_tumour": "true"}, F),
    ("E10", {"ast": "199 U/L", "liver_abnormality_due_to_tumour": "true"}, F),
    ("E10", {"ast": None}, U),
    ("E10", {"alt_uln": None}, U),
    ("E10", {"alt": None, "ast": "201 U/L"}, T),  # what is certain decides whatever is missing
    ("E10", {"ast": "101 U/L", "liver_abnormality_due_to_tumour": None}, U),
    ("E11", {"bilirubin": "49.9 umol/L"}, F),
    ("E11", {"bilirubin_uln": None}, U),
    ("E12", {"uncontrolled_disease": "false"}, F),
    *(
        ("E13", {**STABLE_BRAIN, **change}, outcome)
        for change, outcome in (
            ({"brain_stable_since": "2025-09-22"}, F),
            ({"head_imaging_on": "2026-02-11"}, F),
            ({"head_imaging_on": "2026-03-09"}, F),
            ({"brain_metastases_treated": None}, U),
            ({"head_imaging_on": None}, U),
            ({"head_imaging_modality": None}, U),
            ({"brain_metastases_treated": None, "head_imaging_stable": "false"}, T),
        )
    ),
    *_each("E14", "other_solid_tumours", NONE=F),
    # Five years are counted back from the gate: to its own day, in a shorter February to the last
    ("E14", {"other_solid_tumours": "OTHER,SKIN_BASAL_OR_SQUAMOUS", "other_tumour_active_on": "2021-03-11"}, T),
]  # fmt: skip

MORE_OF_GATE_2: list[tuple[str, dict[str, str | None], Truth]] = [
    *_each("E02", "post_c2_response", CR=F, PR=F, NON_CR_NON_PD=F),
    ("R01", {"included_on": "2026-07-09"}, T),
    ("R01", {"consent_in_force": None}, U),
    ("R02", {"cycle_1_on": "2026-03-11"}, T),
    ("R02", {"cycle_2_on": "2026-03-11"}, F),
    ("R02", {"cycle_2_on": "2026-03-13"}, T),
    ("R02", {"cycle_2_on": "2026-07-09"}, T),
    ("R03", {"post_c2_scan_on": "2026-05-06"}, F),
    ("R03", {"post_c2_scan_on": "2026-07-09"}, T),
    ("R03", {"post_c2_scan_on": None}, U),
    ("R03", {"cycle_2_on": None}, U),
    ("R04", {"post_c2_response": None}, U),
    *_each("R04", "post_c2_response", CR=T, SD=T, NON_CR_NON_PD=T),
    ("R06", {"randomized_before": "false"}, T),
    ("R08", {}, T),
    ("R08", {"study_open": None}, U),
    ("R08", {"site_open": None}, U),
    ("R09", {"requester_roles": None}, U),
    *(
        _each(
            "R09", "requester_roles", investigator=F, coordinator=F, pharmacist=F, sponsor=F, monitor=F, pv=F, reader=F,
            statistician=F, safety_board=F, ops=F, inspector=F, randomizer=T,
        )
    ),
]  # fmt: skip
