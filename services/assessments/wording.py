"""The words of this room: answers, levels, and what is wrong with an answer."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import get_language, gettext, pgettext

from services.assessments import results
from services.assessments.frameworks.schema import NOT_APPLICABLE, UNSURE, Framework, Item, Section, Words
from services.assessments.scoring import Problem


def say(words: Words | None) -> str:
    """Give a text of a question bank in the reader's language; '' for none."""
    return words.say(get_language()) if words else ""


def section_title(section: Section) -> str:
    """Name a page of questions: its dimension, and its own title where a dimension has several pages."""
    title = say(section.title)
    whole = say(section.dimension.title)
    return title if title == whole else gettext("%(whole)s: %(part)s") % {"whole": whole, "part": title}


def option(item: Item, chosen: str) -> str:
    """Give the words of one answer."""
    if chosen == UNSURE:
        return pgettext("answer", "Not sure")
    if chosen == NOT_APPLICABLE:
        return pgettext("answer", "Does not apply to us")
    return say(item.by_id[chosen].label) if chosen in item.by_id else chosen


def answer(item: Item, chosen: Sequence[str]) -> str:
    """Give the words of a whole answer, one line an option, in the order of the question."""
    order = [*item.by_id, UNSURE, NOT_APPLICABLE]
    return "\n".join(option(item, one) for one in sorted(chosen, key=order.index))


def level(framework: Framework, number: int | None) -> str:
    """Give the name of a level; words of their own where there is none yet, or none was reached."""
    if number is None:
        return gettext("No official level yet")
    if number == 0:
        return gettext("No level reached")
    return say(framework.level_of(number).title)


def points(number: Decimal | str) -> str:
    """Show points with one decimal, and whole ones without."""
    shown = results.one_place(number)
    return f"{shown:f}".removesuffix(".0")


def problem(item: Item, found: Problem) -> str:
    """Say what is wrong with an answer."""
    name = {"option": option(item, found.option)}
    texts = {
        "exclusive": gettext("“%(option)s” cannot be chosen together with another answer.") % name,
        "twice": gettext("The same answer was chosen twice."),
        "several": gettext("Choose one answer."),
        "unknown_option": gettext("This answer is not in the list. Choose one that is shown."),
    }
    return texts.get(found.code, gettext("This question does not belong to this page."))


def unit(name: str) -> str:
    """Give the unit of a figure in the reader's language; another one stays as it is."""
    return {
        "台": pgettext("unit", "machines"),
        "人": pgettext("unit", "people"),
        "万元": gettext("10,000 yuan"),
        "吨标准煤": gettext("tonnes of standard coal"),
    }.get(name, name)


def effort(number: int) -> str:
    """Say how much work a step takes, roughly."""
    return {
        1: gettext("Effort: weeks"),
        2: gettext("Effort: months"),
        3: gettext("Effort: about a year"),
    }.get(number, "")


def fault(code: str) -> str:
    """Say what is wrong in the file of a question bank."""
    texts = {
        "not_yaml": gettext("This is not YAML; look at this line and the one before."),
        "too_long": gettext("The file is too long."),
        "missing": gettext("Something is missing here."),
        "not_a_list": gettext("A list is expected here."),
        "not_a_map": gettext("Names with values are expected here."),
        "not_text": gettext("A text is expected here; put it in quotes."),
        "not_a_number": gettext("A number is expected here."),
        "not_known": gettext("This word is not known here."),
        "twice": gettext("This name stands here a second time."),
        "levels_not_rising": gettext("Each level must ask for more than the one before."),
        "not_before": gettext("A condition may look only at a question of an earlier page."),
        "never_asked": gettext("At least one scored question of this part must be asked of everybody."),
        "bad_criterion": gettext("This condition cannot be read; write it as policies do."),
        "option_scale": gettext("The levels of a scene must be 0, 1, 2 and so on."),
    }
    return texts.get(code, code)
