"""How far words that were typed lie from a text that may have been meant, in slips of the pen. Pure."""

from __future__ import annotations

from collections.abc import Iterable

# In four characters of what was typed one may be wrong; of fewer than three too many texts hold the rest.
_ONE_SLIP_IN, _SHORTEST = 4, 3


def slips_if_near(words: str, texts: Iterable[str]) -> int | None:
    """Count the slips, word by word, in the text nearest to the words; None when none may have been meant.

    All are folded (`core.text`).
    """
    apart = words.split()
    length = sum(map(len, apart))
    if length < _SHORTEST:
        return None
    most = max(1, length // _ONE_SLIP_IN)
    # A character that a text does not have is a slip: that much is cheap to tell of many texts.
    likely = [whole for whole in texts if sum(character not in whole for character in "".join(apart)) <= most]
    fewest = min((sum(slips(word, whole) for word in apart) for whole in likely), default=most + 1)
    return fewest if fewest <= most else None


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
