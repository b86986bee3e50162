"""Whether 64 bytes can be a seed and its nonce: a last look before they are used, in case the generator is broken.

It finds what was thought up, typed, counted or padded, and generators that are stuck. It cannot find a secret that was
hashed into shape, nor a generator that is predictable and looks random: that seeds come from the system's generator
alone is what keeps those out.

Each criterion has an exact chance of refusing sound bytes (`tests/unit/randomizer/test_seed_health.py` computes them).
Together they refuse fewer than one sound pair in 2^43; all but the one for text stay below one in 2^59.
"""

from itertools import pairwise
from typing import Final

MAX_REPEATED: Final = 13
"""32 sound bytes have more different values than this, and so have the differences from one to the next."""
MAX_RUN: Final = 9
"""Equal bytes in a row, as padding leaves them."""
MAX_PERIOD: Final = 23
"""A pattern of at most so many bytes, repeated to fill the rest."""
MIN_ONES: Final = 57
"""Bits of 256 that are set, and that are not."""
_TEXT: Final = frozenset(range(0x20, 0x7F)) | {0x00, 0xFF}
"""What can be typed in ASCII, and what it is padded with. Dates, names and hexadecimal digits are among it."""


def weakness(seed: bytes, nonce: bytes) -> str | None:
    """Why these bytes are not to be used, as a code; None if nothing speaks against them.

    Returns instead of raising: no traceback can hold the bytes as a variable.
    """
    if seed == nonce:
        return "seed-is-nonce"
    both = seed + nonce
    ever, always = 0, 0xFF
    for byte in both:
        ever, always = ever | byte, always & byte
    if ever != 0xFF or always != 0:
        return "stuck-bit"
    return _of(seed) or _of(nonce)


def _of(data: bytes) -> str | None:
    if _TEXT.issuperset(data):
        return "text"
    if len(set(data)) <= MAX_REPEATED:
        return "few-values"
    if len({(after - before) % 256 for before, after in pairwise(data)}) <= MAX_REPEATED:
        return "few-differences"
    if _longest_run(data) > MAX_RUN:
        return "run"
    if any(data[period:] == data[:-period] for period in range(1, MAX_PERIOD + 1)):
        return "pattern"
    ones = int.from_bytes(data, "big").bit_count()
    if not MIN_ONES <= ones <= len(data) * 8 - MIN_ONES:
        return "unbalanced"
    return None


def _longest_run(data: bytes) -> int:
    longest = current = 1
    for before, after in pairwise(data):
        current = current + 1 if before == after else 1
        longest = max(longest, current)
    return longest
