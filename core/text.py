"""Bring text into one form, so that what was typed is found, compared and stored alike.

Folds width and case (NFKC), cuts Chinese into bigrams, and tidies document numbers, phone numbers, e-mail
addresses and figures. Nothing here judges whether a value is right.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

_BLANK = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
_CJK = r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<word>[^\W_{_CJK}]+)")
_YEAR_IN_BRACKETS = re.compile(r"\s*[〔\[(【〖{<《]\s*(\d{4})\s*[〕\])】〗}>》]\s*")
_NUMBER_PART = re.compile(r"(?<=〔\d{4}〕)\s*(?:第\s*)?(\d+)\s*号?")
# Control characters other than blanks and line ends, and halves of characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_PHONE_NOISE = re.compile(r"[\s().\-\u2010-\u2015\u2212\u200b-\u200d\ufeff]+")


def normal(text: str) -> str:
    """Fold full-width and compatibility forms (NFKC) and squeeze blanks to one space."""
    return _BLANK.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def printable(text: str) -> str:
    """Leave out the characters that neither XML nor a spreadsheet nor UTF-8 takes."""
    return _UNPRINTABLE.sub("", text)


def folded(text: str) -> str:
    """Fold for comparing and searching: `normal` without difference of case."""
    return normal(text).casefold()


def bigrams(run: str) -> list[str]:
    """Cut a run of Chinese into overlapping pairs; a single character stays alone."""
    return [run[n : n + 2] for n in range(len(run) - 1)] or [run]


def runs(text: str, *, is_folded: bool = False) -> list[tuple[bool, str]]:
    """Split text, folded first, into runs of Chinese (True) and words of other scripts (False), in order."""
    found = _RUN.findall(text if is_folded else folded(text))
    return [(bool(chinese), chinese or word) for chinese, word in found]


def tokens(text: str) -> list[str]:
    """Give the search tokens of a text in order: bigrams of Chinese, whole words of the rest."""
    found: list[str] = []
    for is_chinese, run in runs(text):
        found.extend(bigrams(run) if is_chinese else [run])
    return found


def document_number(text: str) -> str:
    """Give a document number in its official form, whatever brackets and blanks were typed.

    "鲁政发[2024] 15 号", "鲁政发（2024）15号" and "鲁政发〔2024〕15" all give "鲁政发〔2024〕15号".
    Text without a year in brackets comes back without blanks.
    """
    bracketed = _YEAR_IN_BRACKETS.sub(r"〔\1〕", normal(text))
    return _NUMBER_PART.sub(r"\1号", bracketed).replace(" ", "")


def phone(text: str) -> str:
    """Give a phone number as digits, without blanks, dashes, brackets and the Chinese country code."""
    digits = _PHONE_NOISE.sub("", normal(text))
    return re.sub(r"^(?:\+86|0086)", "", digits)


def email(text: str) -> str:
    """Give an e-mail address as it is compared: half width, no blanks, lower case."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", text)).lower()


def number(text: str) -> str:
    """Give a figure as typed by people without blanks and grouping: "１，２００" is "1200".

    A comma that groups nothing stays, so that "12,5" is refused later instead of read as 125.
    """
    return re.sub(r"[\s'’]+|,(?=\d{3})", "", normal(text))


def decimal(text: str) -> Decimal:
    """Read a figure as typed by people; raise InvalidOperation where it is none.

    Underscores are none, though Python takes 1_000 for a thousand.
    """
    figure = number(text)
    if "_" in figure:
        raise InvalidOperation(f"underscores in {figure!r}")
    return Decimal(figure)
