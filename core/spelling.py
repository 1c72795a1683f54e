"""How far words that were typed lie from a text that may have been meant, in slips of the pen. Pure."""

from __future__ import annotations


def slips(words: str, whole: str) -> int:
    """Count the fewest slips by which the words became what they are, out of some part of the text.

    A slip is a wrong character, one too many, one left out, or two neighbours in the wrong order.
    """
    before: list[int] = []
    row = [0] * (len(whole) + 1)
    for n, typed in enumerate(words, start=1):
        after = [n]
        for place, meant in enumerate(whole, start=1):
            fewest = min(row[place - 1] + (typed != meant), row[place] + 1, after[place - 1] + 1)
            is_swapped = n > 1 and place > 1 and typed == whole[place - 2] and words[n - 2] == meant
            after.append(min(fewest, before[place - 2] + 1) if is_swapped else fewest)
        before, row = row, after
    return min(row)
