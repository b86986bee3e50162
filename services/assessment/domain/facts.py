"""Facts that never leave assessment."""

from contracts.events.held_texts import OpenedText, ReleasedText


class TextOpened(OpenedText, name="assessment.text-opened", version=1):
    """A held comment was read."""


class TextReleased(ReleasedText, name="assessment.text-released", version=1):
    """A held comment may pass."""


PRIVATE = (TextOpened, TextReleased)
