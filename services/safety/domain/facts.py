"""Facts that never leave safety."""

from contracts.events.held_texts import OpenedText, ReleasedText


class TextOpened(OpenedText, name="safety.text-opened", version=1):
    """A held narrative was read."""


class TextReleased(ReleasedText, name="safety.text-released", version=1):
    """A held narrative may pass."""


PRIVATE = (TextOpened, TextReleased)
