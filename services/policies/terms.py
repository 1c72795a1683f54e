"""Cut notices and search words into the same pieces, so that what is found contains what was asked.

Chinese is cut into pieces of one to four characters, so a word of up to four is matched exactly; longer ones
are matched by all their pieces of four and rechecked (`search`). Words of other scripts and
numbers match whole; English also by its stem. The year of a document number gets one kind of bracket.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core import text

# A search vector holds 1 MB of pieces; every character adds at most one piece of each length (2 + 3 + 4
# characters of 3 bytes; single ones soon repeat), so 36 000 characters stay below it whatever they are.
LONGEST_TEXT = 36_000
LONGEST_PIECE = 4
_LONGEST_QUERY = 100
_MOST_TERMS = 8

_NUMBER = re.compile(
    r"\s*[〔\[(【〖{<《]\s*(?P<year>\d{4})\s*[〕\])】〗}>》]\s*(?:第\s*)?(?P<number>\d+)\s*号"
)
_ASKED_NUMBER = re.compile(_NUMBER.pattern + "?")
_TAG = re.compile(r"<[^>]*>")


def fold(words: str) -> str:
    """Fold width and case, squeeze blanks, and write years of document numbers as 〔2024〕15号."""
    return _NUMBER.sub(r"〔\g<year>〕\g<number>号", text.folded(words))


def without_markup(markup: str) -> str:
    return _TAG.sub(" ", markup)


def lexemes(folded: str) -> set[str]:
    """Give the pieces a folded text is found by: Chinese by length, everything else as whole words."""
    found: set[str] = set()
    for is_chinese, run in text.runs(folded):
        if is_chinese:
            found.update(piece for length in range(1, LONGEST_PIECE + 1) for piece in pieces(run, length))
        else:
            found.add(run)
    return found


def pieces(run: str, length: int) -> Iterator[str]:
    return (run[n : n + length] for n in range(len(run) - length + 1))


def english(folded: str) -> list[str]:
    """Give the words that are stemmed: letters only, so that numbers and names such as 5g stay whole."""
    return sorted({run for is_chinese, run in text.runs(folded) if not is_chinese and run.isalpha()})


@dataclass(frozen=True)
class Term:
    """One search word: the pieces a row must hold, the English words to stem, and how to make sure.

    `pattern` is a regular expression on the folded text that only a true hit meets; empty where the pieces
    say it all. `is_loose` tells that the pieces alone let other texts through often enough to ask for it at
    once, as with a document number.
    """

    words: str
    pieces: tuple[str, ...]
    stems: tuple[str, ...] = ()
    pattern: str = ""
    is_loose: bool = False


def read(query: str) -> tuple[Term, ...]:
    """Read what was typed into search words, all of which must be found; empty when there is none."""
    asked = _ASKED_NUMBER.sub(r"〔\g<year>〕\g<number>号", text.folded(query[:_LONGEST_QUERY]))
    found = (_term(words) for words in dict.fromkeys(asked.split()))
    return tuple(term for term in found if term.pieces or term.stems)[:_MOST_TERMS]


def _term(words: str) -> Term:
    runs = text.runs(words)
    cut: list[str] = []
    stems: list[str] = []
    for is_chinese, run in runs:
        if is_chinese:
            cut.extend(pieces(run, min(len(run), LONGEST_PIECE)))
        elif run.isalpha():
            stems.append(run)
        else:
            cut.append(run)
    is_mixed = len(runs) > 1 and any(is_chinese for is_chinese, _ in runs)
    is_long = len(runs) == 1 and runs[0][0] and len(words) > LONGEST_PIECE
    return Term(
        words,
        tuple(dict.fromkeys(cut)),
        tuple(stems),
        _pattern(words) if is_mixed or is_long else "",
        is_mixed,
    )


_EDGE = "[a-z0-9]"


def _pattern(words: str) -> str:
    """Match the words as they stand, not inside a longer number or name."""
    before = f"(?<!{_EDGE})" if re.match(_EDGE, words) else ""
    after = f"(?!{_EDGE})" if re.search(f"{_EDGE}$", words) else ""
    return before + re.escape(words) + after


# --- asking ----------------------------------------------------------------------

# Every piece is letters and digits only (`core.text.runs`), so quoting it is enough.
_QUOTED = "'{}'"


def condition(asked: tuple[Term, ...], *, exactly: bool) -> tuple[str, list[str]]:
    """Give the SQL condition on `policies_noticesearch`, with its parameters, that all terms are found.

    With `exactly` the folded text is read too; otherwise only where the pieces would let too much through.
    """
    parts: list[str] = []
    values: list[str] = []
    vector, vector_values = _vector(asked)
    if vector:
        parts.append(f"tsv @@ ({vector})")
        values += vector_values
    for term in asked:
        if term.pattern and (exactly or term.is_loose):
            parts.append("text ~ %s")
            values.append(term.pattern)
    return " AND ".join(parts) or "true", values


def _vector(asked: tuple[Term, ...]) -> tuple[str, list[str]]:
    cut = list(dict.fromkeys(piece for term in asked for piece in term.pieces))
    stems = list(dict.fromkeys(stem for term in asked for stem in term.stems))
    # A stop word has no stem but stands in the vector as it is, hence "or".
    sql = ["%s::tsquery"] * bool(cut) + ["(%s::tsquery || to_tsquery('english', %s))"] * len(stems)
    values = [" & ".join(map(_QUOTED.format, cut))] if cut else []
    values += [_QUOTED.format(stem) for stem in stems for _ in range(2)]
    return " && ".join(sql), values


# --- marking ---------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A part of a shown text, and whether it is what was searched for."""

    text: str
    is_hit: bool


def marked(shown: str, asked: tuple[Term, ...]) -> list[Piece]:
    """Split a text into pieces, the searched words apart, without changing a character of it."""
    pattern = "|".join(_mark(term) for term in sorted(asked, key=lambda term: -len(term.words)))
    if not pattern or not shown:
        return [Piece(shown, False)]
    folded, places = _fold_with_places(shown)
    found: list[Piece] = []
    last = 0
    for match in re.finditer(pattern, folded):
        start, end = places[match.start()], places[match.end() - 1] + 1
        if start >= last:
            found += [Piece(shown[last:start], False), Piece(shown[start:end], True)]
            last = end
    found.append(Piece(shown[last:], False))
    return [piece for piece in found if piece.text]


_SUFFIX = re.compile(r"(?:isations?|izations?|ations?|ings?|ions?|ies|ed|es|s|e|y)$")


def _mark(term: Term) -> str:
    if term.stems and not term.pieces and len(term.stems) == 1:
        stem = _SUFFIX.sub("", term.words)
        return rf"(?<!{_EDGE}){re.escape(stem if len(stem) > 2 else term.words)}[a-z]*"
    number = re.escape(term.words).replace("〔", r"\s*[〔\[(【]\s*")
    return number.replace("〕", r"\s*[〕\])】]\s*(?:第\s*)?")


def _fold_with_places(shown: str) -> tuple[str, list[int]]:
    """Fold character by character, so that every folded character knows where it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(shown):
        for part in text.folded(character) or " ":
            folded.append(part)
            places.append(place)
    return "".join(folded), places
