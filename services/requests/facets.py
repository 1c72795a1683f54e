"""The facets of the queue: what each choice asks of a request. Read by the filters and the saved views."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.catalogue.models import Group
from services.requests.models import Priority, State

# A state in the words of the desk, where the owner's own would point the wrong way.
DESK_WORDS: dict[str, str | Promise] = {State.WAITING: _("Waiting for the enterprise")}


def desk_word(state: str) -> str:
    """Give the word of a state as the desk reads it."""
    return str(DESK_WORDS.get(state, State(state).label))


@dataclass(frozen=True)
class Facet:
    """One facet: its parameter in the address, its title, each choice with its words and its condition."""

    parameter: str
    title: str | Promise
    words: Mapping[str, str | Promise]
    conditions: Mapping[str, Q]

    def chosen(self, typed: str) -> list[str]:
        """Return the known choices of a parameter as it stands in an address, commas between."""
        return [code for code in typed.split(",") if code in self.words]

    def condition(self, chosen: list[str]) -> Q:
        """Return what is asked when any of these is enough; nothing chosen asks nothing."""
        wanted = Q()
        for code in chosen:
            wanted |= self.conditions[code]
        return wanted


_STATES = [code for code in State.values if code != State.DRAFT]

STATE = Facet(
    "state",
    _("state"),
    {code: DESK_WORDS.get(code, State(code).label) for code in _STATES},
    {code: Q(state=code) for code in _STATES},
)
GROUP = Facet(
    "group",
    _("group"),
    {**dict(Group.choices), "none": _("no group")},
    {**{code: Q(group=code) for code in Group.values}, "none": Q(group="")},
)
KIND = Facet(
    "kind",
    _("kind"),
    {"request": _("request for a service"), "question": _("question")},
    {"request": Q(offering__isnull=False), "question": Q(offering=None)},
)
HELD = Facet(
    "held",
    _("holder"),
    {"yes": _("somebody has it"), "no": _("nobody has it")},
    {"yes": Q(holder__isnull=False), "no": Q(holder=None)},
)
PRIORITY = Facet(
    "priority",
    _("priority"),
    {str(code): label for code, label in Priority.choices},
    {str(code): Q(priority=code) for code in Priority.values},
)
FACETS = (STATE, GROUP, KIND, HELD, PRIORITY)
