"""The unified social credit code by GB 32100-2015, with the inner check of GB 11714.

Any registration authority and any province are accepted. Wrong length, characters and outer check digit
are errors; a wrong inner organisation digit and a former Shandong region are warnings, because codes stay
valid when districts are merged and old organisation codes were not always issued by the rule.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from stdnum.cn import uscc as gb32100

from enterprises.classification.regions import REGIONS

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SEPARATORS = re.compile(r"[\s\u200b-\u200d\ufeff\-\u2010-\u2015\u2212]+")
_OLD_REGISTRATION_NUMBER = re.compile(r"\d{15}")
_OLD_ORGANISATION_CODE = re.compile(r"[0-9A-Z]{8}[0-9X]")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class Flaw(StrEnum):
    """What is wrong (error) or odd (warning) about a code."""

    LENGTH = "length"
    OLD_REGISTRATION_NUMBER = "old_registration_number"
    OLD_ORGANISATION_CODE = "old_organisation_code"
    CHARACTERS = "characters"
    ALL_ZEROS = "all_zeros"
    CHECK_DIGIT = "check_digit"
    ORGANISATION_DIGIT = "organisation_digit"
    FORMER_REGION = "former_region"


@dataclass(frozen=True)
class UsccCheck:
    """The canonical code with what was found; store `code` only when there are no errors."""

    code: str
    errors: tuple[Flaw, ...] = ()
    warnings: tuple[Flaw, ...] = ()
    wrong_characters: str = ""


def canonical(text: str) -> str:
    """Give the code as it is stored: half width, upper case, without spaces and hyphens."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def check(text: str) -> UsccCheck:
    """Check a code as typed; the errors come in the order length, characters, check digit."""
    code = canonical(text)
    wrong = "".join(dict.fromkeys(char for char in code if char not in ALPHABET))
    errors = _length_flaws(code) + ((Flaw.CHARACTERS,) if wrong else ())
    if errors:
        return UsccCheck(code, errors, (), wrong)
    if not code.strip("0"):
        return UsccCheck(code, (Flaw.ALL_ZEROS,))
    if code[-1] != gb32100.calc_check_digit(code[:-1]):
        return UsccCheck(code, (Flaw.CHECK_DIGIT,))
    return UsccCheck(code, (), _warnings(code))


def organisation_digit(body: str) -> str:
    """Give the check character of an eight-character organisation code (GB 11714)."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def _length_flaws(code: str) -> tuple[Flaw, ...]:
    if len(code) == LENGTH:
        return ()
    if _OLD_REGISTRATION_NUMBER.fullmatch(code):
        return (Flaw.OLD_REGISTRATION_NUMBER,)
    if _OLD_ORGANISATION_CODE.fullmatch(code):
        return (Flaw.OLD_ORGANISATION_CODE,)
    return (Flaw.LENGTH,)


def _warnings(code: str) -> tuple[Flaw, ...]:
    flaws = []
    if code[16] != organisation_digit(code[8:16]):
        flaws.append(Flaw.ORGANISATION_DIGIT)
    if code[2:4] == "37" and code[2:8] not in REGIONS:
        flaws.append(Flaw.FORMER_REGION)
    return tuple(flaws)
