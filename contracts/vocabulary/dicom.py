"""How a scan is named. The images stay in the PACS, and nothing of their headers comes here."""

from typing import Annotated

from pydantic import Field

StudyUid = Annotated[
    str,
    Field(
        pattern=r"^[0-2](\.(0|[1-9][0-9]*))+$",
        max_length=64,
        description="DICOM Study Instance UID",
        examples=["2.25.329800735698586629295641978511506172918"],
    ),
]
"""A unique identifier as DICOM PS3.5, 9.1 writes it: digits and dots, no component with a leading zero."""
