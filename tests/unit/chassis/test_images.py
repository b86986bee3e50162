"""Links to images: one template for each archive, and nothing in it but the UID."""

import pytest
from pydantic import ValidationError

from services.chassis.images import Images, template
from services.chassis.settings import settings_of

UID = "2.25.329800735698586629295641978511506172918"


@pytest.mark.parametrize(
    "text",
    [
        "https://pacs.example/studies/{study_uid}",
        "http://10.1.2.3:8042/viewer?study={study_uid}&mode=read",
        "https://pacs.example/{study_uid}#first",
    ],
)
def test_a_template_has_one_place_for_the_uid(text: str) -> None:
    found = Images({"01": template(text)}).of_site("01", UID)
    assert found == text.replace("{study_uid}", UID)


@pytest.mark.parametrize(
    "text",
    [
        "https://pacs.example/studies",
        "https://pacs.example/{study_uid}/{study_uid}",
        "https://pacs.example/{patient}/{study_uid}",
        "https://{study_uid}/",
        "https://reader:secret@pacs.example/{study_uid}",
        "ftp://pacs.example/{study_uid}",
        "javascript:alert({study_uid})",
        "//pacs.example/{study_uid}",
        "https://pacs.example/ {study_uid}",
    ],
)
def test_anything_else_is_refused_at_the_start(text: str) -> None:
    with pytest.raises(ValueError, match="link template"):
        template(text)
    with pytest.raises(ValidationError, match="link template"):
        settings_of(pacs_links={"01": text})


def test_without_an_archive_or_a_scan_there_is_no_link() -> None:
    known = Images({"central": "https://reading.example/{study_uid}"})
    assert (known.central(UID), known.of_site("01", UID)) == (f"https://reading.example/{UID}", None)
    assert Images({"01": "https://pacs.example/{study_uid}"}).central(UID) is None
    assert Images({"01": "https://pacs.example/{study_uid}"}).of_site("01", None) is None


def test_the_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELUTH_ASSESSMENT_PACS_LINKS", '{"01": "https://pacs.example/{study_uid}"}')
    assert settings_of("assessment").pacs_links == {"01": "https://pacs.example/{study_uid}"}
    assert settings_of("dosimetry").pacs_links == {}
