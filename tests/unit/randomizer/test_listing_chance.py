"""What a statistician reads of a list whose order chance could not have made: which rows, and how many."""

from collections.abc import Sequence

from services.randomizer.domain.listing.check import Design, checked

from .lists import design
from .test_listing_told import told


def written(blocks: dict[str, Sequence[str]], of: Design) -> str:
    """A list whose strata have these blocks."""
    rows = [
        f"{stratum},{n},{len(block)},{arm}" if stratum else f"{n},{len(block)},{arm}"
        for stratum, told in blocks.items()
        for n, block in enumerate(told, start=1)
        for arm in block
    ]
    columns = ["study", "kind", "number", *(one.id for one in of.factors), "block", "block_size", "arm"]
    body = [f"RELUTH,production,{n},{row}" for n, row in enumerate(rows, start=1)]
    return "\n".join([f"# arms: {of.labels}", f"# rows: {len(rows)}", ",".join(columns), *body, f"# end: {len(rows)}"])


BY_CHANCE = "less than once in a million by chance"


def test_a_list_in_order_names_what_is_in_order_and_all_its_rows():
    whole, of = "A" * 12 + "B" * 12, design((1, 1), (), needed=4)
    _, defects = checked(of, written({"": [whole]}, of))
    assert told(defects) == [("sorted", "arm", "4-27", f"the list is sorted by arm: 2 runs, {BY_CHANCE}")]


def test_a_stratum_in_order_is_named_though_the_list_as_a_whole_is_not():
    mixed, of = "ABBABAABBABAABABABBAABBA", design((1, 1), (2,), needed=4)
    _, defects = checked(of, written({"L10": ["AB", mixed], "L11": ["AB", "A" * 15 + "B" * 15]}, of))
    assert ("sorted", "arm", "30-61", f"F1=L11 is sorted by arm: 4 runs, {BY_CHANCE}") in told(defects)
    assert [one.detail[:7] for one in defects if one.code == "sorted"] == ["F1=L11 "]


def test_blocks_in_one_order_are_counted_and_their_rows_named():
    of = design((1, 1), (), needed=4)
    blocks = [*["ABBA"] * 12, "BAAB", *["ABBA"] * 2]
    _, defects = checked(of, written({"": blocks}, of))
    detail = f"14 of 15 blocks of 4 have one order: {BY_CHANCE}"
    assert told(defects) == [("block-repeated", "arm", "4-51, 56-63", detail)]


def test_a_stratum_that_repeats_another_is_named_with_it_as_far_as_both_go():
    of = design((1, 1), (2,), needed=4)
    blocks = ["ABBA", "BABA", "AABB", "BBAA", "ABAB", "BAAB", "ABBA", "BBAA", "BAAB", "AABB"]
    _, defects = checked(of, written({"L10": blocks, "L11": [*blocks, "ABAB"]}, of))
    detail = "the arms of F1=L10 and of F1=L11 are the same ones, row by row"
    assert told(defects) == [("copied", "arm", f"4-{3 + 84}", detail)]
    for alike, refused in ((7, False), (8, True)):  # 1 in 279,936 by chance, and 1 in 1,679,616
        _, defects = checked(of, written({"L10": blocks[:alike], "L11": blocks[:alike]}, of))
        assert bool(defects) is refused
    three = design((1, 1), (3,), needed=4)
    other = ["BABA", *blocks[1:8]]
    _, defects = checked(three, written({"L10": blocks[:8], "L11": blocks[:8], "L12": other}, three))
    assert defects == [], "one of three pairs: 1 in 559,872"
