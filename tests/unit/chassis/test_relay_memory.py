"""The cursor in memory keeps what every cursor promises."""

import pytest

from services.chassis.relay import conformance
from services.chassis.relay.memory import MemoryCursor


@pytest.mark.parametrize("case", conformance.CASES, ids=lambda c: c.__name__)
async def test_memory_conforms(case: conformance.Case) -> None:
    await case(MemoryCursor())
