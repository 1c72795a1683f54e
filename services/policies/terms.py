"""Cut notices and search words into the same pieces, so that what is found contains what was asked.

Chinese is cut into pieces of one to four characters, so a word of up to four is matched exactly; longer ones
are matched by all their pieces of four and rechecked (`search`). Words of other scripts and
numbers match whole; English also by its stem. The year of a document number gets one kind of bracket.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from core import text

# A search vector holds 1 MB of pieces; every character adds at most one piece of each length (2 + 3 + 4
# characters of 3 bytes; single ones soon repeat), so 36 000 characters stay below it whatever they are.
LONGEST_TEXT = 36_000
LONGEST_PIECE = 4
_LONGEST_QUERY = 100
_MOST_TERMS = 8
# So many ways of saying the same are tried for one word; so many words in a row may be one of them.
_MOST_OTHERS = 12
_LONGEST_PHRASE = 4
# Before pieces that stand in the vector a second time: those of the title, the whole document number.
_IN_TITLE, _NUMBERED = "^", "#"
# Grows with every change of how texts are cut; rows cut by older rules are written anew in the background.
RULES = 1

_NUMBER = re.compile(
    r"\s*[〔\[(【〖{<《]\s*(?P<year>\d{4})\s*[〕\])】〗}>》]\s*(?:第\s*)?(?P<number>\d+)\s*号"
)
_ASKED_NUMBER = re.compile(_NUMBER.pattern + "?")
_TAG = re.compile(r"<[^>]*>")


def fold(words: str) -> str:
    """Fold width and case, squeeze blanks, and write years of document numbers as 〔2024〕15号."""
    return _NUMBER.sub(r"〔\g<year>〕\g<number>号", text.folded(words))


def ranking_lexemes(titles: Iterable[str], number: str) -> set[str]:
    """Give the marked pieces that tell later whether a word stands in a title, or is the number itself."""
    found = {_IN_TITLE + piece for title in titles for piece in lexemes(fold(title))}
    return found | ({_NUMBERED + fold(number)} if number else set())


def without_markup(markup: str) -> str:
    return _TAG.sub(" ", markup)


def lexemes(folded: str) -> set[str]:
    """Give the pieces a folded text is found by: Chinese by length, everything else as whole words."""
    return cut(folded)[0]


def cut(folded: str) -> tuple[set[str], list[str]]:
    """Give the `lexemes` of a folded text, and the words among them that are stemmed.

    Those have letters only, so that numbers and names such as 5g stay whole.
    """
    runs = text.runs(folded, is_folded=True)
    found = {run for is_chinese, run in runs if not is_chinese}
    stemmed = sorted(filter(str.isalpha, found))
    chinese = {run for is_chinese, run in runs if is_chinese}
    found.update("".join(chinese))
    # All runs in one turn for each length: a text of 500 characters has some sixty runs.
    for length in range(2, LONGEST_PIECE + 1):
        found.update([run[n : n + length] for run in chinese for n in range(len(run) - length + 1)])
    return found, stemmed


def pieces(run: str, length: int) -> list[str]:
    return [run[n : n + length] for n in range(len(run) - length + 1)]


@dataclass(frozen=True)
class Term:
    """One search word: the pieces a row must hold, the English words to stem, and how to make sure.

    `pattern` is a regular expression on the folded text that only a true hit meets; empty where the pieces
    say it all. `is_loose` tells that the pieces alone let other texts through often enough to ask for it at
    once, as with a document number. `others` are words that mean the same: one of them is enough, each
    being itself one or several terms.
    """

    words: str
    pieces: tuple[str, ...]
    stems: tuple[str, ...] = ()
    pattern: str = ""
    is_loose: bool = False
    others: tuple[tuple[Term, ...], ...] = ()

    @property
    def ways(self) -> tuple[tuple[Term, ...], ...]:
        """Return all ways of saying it, the typed one first."""
        return ((replace(self, others=()),), *self.others)

    @property
    def is_settled_at_once(self) -> bool:
        return any(term.is_loose for way in self.ways for term in way)


Alike = Mapping[str, tuple[str, ...]]


def read(query: str, alike: Alike | None = None) -> tuple[Term, ...]:
    """Read what was typed into search words, all of which must be found; empty when there is none.

    `alike` gives for a folded word the folded ones that mean the same (`services.policies.synonyms`).
    """
    same = alike or {}
    phrases = dict.fromkeys(_phrases(folded_query(query).split(), same))
    found = (replace(_term(words), others=_others(words, same)) for words in phrases)
    return tuple(term for term in found if term.pieces or term.stems)[:_MOST_TERMS]


def folded_query(query: str) -> str:
    readable = query[:_LONGEST_QUERY].replace("\0", " ")
    return _ASKED_NUMBER.sub(r"〔\g<year>〕\g<number>号", text.folded(readable))


def _phrases(words: list[str], alike: Alike) -> Iterator[str]:
    """Take several words in a row as one where they are known to mean the same as others."""
    while words:
        lengths = (n for n in range(min(_LONGEST_PHRASE, len(words)), 1, -1) if " ".join(words[:n]) in alike)
        length = next(lengths, 1)
        yield " ".join(words[:length])
        words = words[length:]


def _others(words: str, alike: Alike) -> tuple[tuple[Term, ...], ...]:
    """Say the whole word otherwise, or the part of a Chinese one that can be."""
    said = list(alike.get(words, ()))
    for part, same in alike.items():
        if part != words and len(part) > 1 and part in words and _is_chinese(part):
            said += [words.replace(part, other) for other in same if _is_chinese(other)]
    others = (tuple(map(_term, other.split())) for other in dict.fromkeys(said) if other != words)
    return tuple(way for way in others if way and all(term.pieces or term.stems for term in way))[
        :_MOST_OTHERS
    ]


def _is_chinese(words: str) -> bool:
    return all(is_chinese for is_chinese, _ in text.runs(words))


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

Sql = tuple[str, list[str]]


def condition(asked: tuple[Term, ...], *, exactly: bool) -> Sql:
    """Give the SQL condition on `policies_noticesearch`, with its parameters, that all terms are found.

    With `exactly` the folded text is read too; otherwise only where the pieces would let too much through.
    """
    vector, values = _vector(asked)
    parts = [f"tsv @@ ({vector})"] if vector else []
    for term in asked:
        sure, more = _sure(term)
        if sure and (exactly or term.is_settled_at_once):
            parts.append(sure)
            values += more
    return " AND ".join(parts) or "true", values


def check(asked: tuple[Term, ...]) -> Sql:
    """Give what `condition` left open for want of `exactly`; empty when it left nothing open."""
    found = [_sure(term) for term in asked if not term.is_settled_at_once]
    parts = [(sql, values) for sql, values in found if sql]
    return " AND ".join(sql for sql, _ in parts), [value for _, values in parts for value in values]


def in_title(asked: tuple[Term, ...]) -> Sql:
    """Give the tsquery that a row meets when all terms stand in a title of it; empty without a term."""
    parts, values = [], []
    for term in asked:
        ways = [_marked_pieces(way) for way in term.ways]
        parts.append(f"({' || '.join(['%s::tsquery'] * len(ways))})")
        values += ways
    return " && ".join(parts), values


def numbered(query: str) -> str:
    """Give the tsquery text that only the row with exactly this document number meets."""
    return quoted(_NUMBERED + folded_query(query))


def _marked_pieces(way: tuple[Term, ...]) -> str:
    cut = dict.fromkeys(piece for term in way for piece in (*term.pieces, *term.stems))
    return " & ".join(map(titled, cut))


def _sure(term: Term) -> Sql:
    """Give what on the text makes a hit of the pieces a true one; empty where the pieces say it all."""
    if not any(part.pattern for way in term.ways for part in way):
        return "", []
    if not term.others:
        return "text ~ %s", [term.pattern]
    parts, values = [], []
    for way in term.ways:
        vector, found = _vector(way)
        patterns = [part.pattern for part in way if part.pattern]
        parts.append(" AND ".join([f"tsv @@ ({vector})", *["text ~ %s"] * len(patterns)]))
        values += [*found, *patterns]
    return f"({' OR '.join(parts)})", values


def _vector(asked: Iterable[Term]) -> Sql:
    asked = tuple(asked)
    plain = [term for term in asked if not term.others]
    cut = list(dict.fromkeys(piece for term in plain for piece in term.pieces))
    stems = list(dict.fromkeys(stem for term in plain for stem in term.stems))
    # A stop word has no stem but stands in the vector as it is, hence "or".
    sql = ["%s::tsquery"] * bool(cut) + ["(%s::tsquery || to_tsquery('english', %s))"] * len(stems)
    values = [" & ".join(map(quoted, cut))] if cut else []
    values += [quoted(stem) for stem in stems for _ in range(2)]
    for term in asked:
        if term.others:
            ways = [_vector(way) for way in term.ways]
            sql.append(f"({' || '.join(f'({way})' for way, _ in ways)})")
            values += [value for _, found in ways for value in found]
    return " && ".join(sql), values


def titled(piece: str) -> str:
    """Give the tsquery text that a row meets when a title of it holds the piece."""
    return quoted(_IN_TITLE + piece)


def quoted(lexeme: str) -> str:
    """Write a lexeme as a tsquery wants it."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


# --- marking ---------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A part of a shown text, and whether it is what was searched for."""

    text: str
    is_hit: bool


def marked(shown: str, asked: tuple[Term, ...]) -> list[Piece]:
    """Split a text into pieces, the searched words apart, without changing a character of it."""
    said = [part for term in asked for way in term.ways for part in way]
    pattern = "|".join(_mark(term) for term in sorted(said, key=lambda term: -len(term.words)))
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


@lru_cache(maxsize=10_000)
def _folded_character(character: str) -> str:
    return text.folded(character) or " "


def _fold_with_places(shown: str) -> tuple[str, Sequence[int]]:
    """Fold character by character, so that every folded character knows where it came from."""
    parts = [_folded_character(character) for character in shown]
    folded = "".join(parts)
    if len(folded) == len(shown):
        return folded, range(len(shown))
    return folded, [place for place, part in enumerate(parts) for _ in part]


# --- keeping ---------------------------------------------------------------------


def compiled(asked: tuple[Term, ...]) -> tuple[str, list[str], list[str]]:
    """Give what a kept search needs: the tsquery as SQL with its parameters, and patterns to be met besides.

    The SQL is empty when no word is asked for.
    """
    sql, values = _vector(asked)
    return sql, values, [pattern for term in asked if (pattern := _any_way(term))]


def _any_way(term: Term) -> str:
    """Give one pattern that every way of saying a term meets; empty where the pieces must do."""
    parts = [part for way in term.ways for part in way]
    if not any(part.pattern for part in parts) or any(part.stems and not part.pattern for part in parts):
        return ""
    return "|".join(f"(?:{part.pattern or re.escape(part.words)})" for part in parts)
