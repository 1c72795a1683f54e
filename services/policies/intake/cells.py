"""Read the cells of the publishers' sheet: a reader gives a value or raises ValueError with words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext

from core import money, text
from core.intake import as_text


def line(most: int) -> Callable[[Any], str]:
    def read(raw: Any) -> str:
        words = " ".join(as_text(raw).split())
        if len(words) > most:
            raise ValueError(gettext("is longer than %(most)s characters") % {"most": most})
        return words

    return read


def words(raw: Any) -> str:
    return as_text(raw).strip()[:20_000]


def choice(allowed: Iterable[str]) -> Callable[[Any], str]:
    known = tuple(allowed)

    def read(raw: Any) -> str:
        value = as_text(raw).strip().split(" ", 1)[0]
        if value and value not in known:
            raise ValueError(gettext("“%(value)s” is not in the list") % {"value": value[:40]})
        return value

    return read


def several(allowed: Callable[[str], bool]) -> Callable[[Any], list[str]]:
    def read(raw: Any) -> list[str]:
        found = text.normal(as_text(raw)).replace("、", ",").replace(";", ",").split(",")
        codes = [one.strip() for one in found if one.strip()]
        for code in codes:
            if not allowed(code):
                raise ValueError(gettext("“%(value)s” is not a known code") % {"value": code[:40]})
        return list(dict.fromkeys(codes))

    return read


def day(raw: Any) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if not as_text(raw).strip():
        return None
    try:
        return date.fromisoformat(text.normal(as_text(raw)).replace("/", "-").replace(".", "-"))
    except ValueError as error:
        raise ValueError(gettext("is not a date such as 2026-12-31")) from error


def wan(raw: Any) -> int | None:
    if not as_text(raw).strip():
        return None
    try:
        return money.fen_from_wan(str(raw))
    except ValueError as error:
        raise ValueError(gettext("is not an amount in 10,000 yuan such as 50 or 12.5")) from error


def number(most: int) -> Callable[[Any], int | None]:
    def read(raw: Any) -> int | None:
        typed = text.number(as_text(raw))
        if not typed:
            return None
        if not (typed.isascii() and typed.isdigit() and len(typed) < 12 and int(typed) <= most):
            raise ValueError(gettext("is not a whole number up to %(most)s") % {"most": most})
        return int(typed)

    return read


def percent(raw: Any) -> Decimal | None:
    typed = text.number(as_text(raw)).removesuffix("%")
    if not typed:
        return None
    if not typed.replace(".", "", 1).isdigit() or not Decimal(typed) <= 100:
        raise ValueError(gettext("is not a percentage between 0 and 100"))
    return round(Decimal(typed), 2)


def url(raw: Any) -> str:
    typed = as_text(raw).strip()
    if typed and (not typed.startswith(("http://", "https://")) or len(typed) > 200 or " " in typed):
        raise ValueError(gettext("is not an address that begins with https://"))
    return typed


def slug(raw: Any) -> str:
    typed = as_text(raw).strip()
    if typed and (slugify(typed) != typed or len(typed) > 80):
        raise ValueError(gettext("may hold small letters, figures and hyphens only"))
    return typed
