"""The model in memory keeps what every store promises."""

import pytest

from services.chassis.inbox import conformance, conformance_marks
from services.chassis.inbox.memory import MemoryStore


@pytest.mark.parametrize("case", [*conformance.CASES, *conformance_marks.CASES], ids=lambda c: c.__name__)
async def test_memory_conforms(case: conformance.Case) -> None:
    await case(MemoryStore())
