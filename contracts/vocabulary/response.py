"""Overall tumour response at one time point, RECIST 1.1."""

from enum import StrEnum


class Response(StrEnum):
    """Overall response. NON_CR_NON_PD exists only without target lesions (endpoints 4.1 rule 9)."""

    CR = "CR"
    PR = "PR"
    SD = "SD"
    NON_CR_NON_PD = "NON_CR_NON_PD"
    PD = "PD"
    NE = "NE"

    @property
    def controls_disease(self) -> bool:
        """Whether the response counts as disease control. NE does not: not evaluable is a failure (L84)."""
        return self in _CONTROL


_CONTROL = frozenset({Response.CR, Response.PR, Response.SD, Response.NON_CR_NON_PD})
