"""Word the questions that the rules ask; the answers are read by `enterprises.facts`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enterprises import facts
from enterprises.wording import qualification_name, zone_name

_QUESTIONS: Mapping[str, str | Promise] = MappingProxyType(
    {
        facts.REGION: _("In which district or county is your enterprise?"),
        facts.INDUSTRY: _("What does your enterprise mainly make or do?"),
        facts.EMPLOYEES: _("How many people worked for you at the end of last year?"),
        facts.REVENUE: _("What was your revenue last year?"),
        facts.ASSETS: _("What were your total assets at the end of last year?"),
        facts.FOUNDED: _("When was your enterprise founded?"),
    }
)
_HINTS: Mapping[str, str | Promise] = MappingProxyType(
    {
        facts.INDUSTRY: _("Choose what brings in most of the revenue."),
        facts.REVENUE: _("In units of 10,000 yuan, for example 1200."),
        facts.ASSETS: _("In units of 10,000 yuan, for example 800."),
        facts.FOUNDED: _("For example 2019-03-14; the year alone will do."),
    }
)


def question(fact: str) -> str:
    """Ask for a fact in one sentence; raises KeyError for one that is not asked."""
    prefix, _dot, code = fact.partition(".")
    if prefix == facts.QUALIFICATION and code:
        return gettext("Is your enterprise recognised as %(name)s?") % {"name": qualification_name(code)}
    if facts.is_zone(fact):
        return gettext("Does your enterprise lie in %(name)s?") % {"name": zone_name(code)}
    return str(_QUESTIONS[fact])


def hint(fact: str) -> str:
    if facts.is_zone(fact):
        return gettext("Only part of your district belongs to it. Skip this where you are not sure.")
    return str(_HINTS.get(fact, ""))
