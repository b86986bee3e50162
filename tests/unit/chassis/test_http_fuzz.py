"""Whatever is generated from the API document, and against it: no failure of ours, no answer that is not in it."""

import tempfile
from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.unit.chassis.served import Held, serve

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
FOLDER = tempfile.TemporaryDirectory(prefix="reluth-fuzz-")
SERVED = serve(Path(FOLDER.name), positions=lambda: Held(2**63))
TOKEN = SERVED.token("investigator", "sponsor", sites=["01", "0", ""])
schema = schemathesis.openapi.from_asgi("/openapi.json", SERVED.app)


@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_in_the_document(case: schemathesis.Case) -> None:
    case.validate_response(case.call(headers=TOKEN), checks=CHECKS)
