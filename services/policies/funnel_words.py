"""Say how far a notice came as tables; numbers of one to four are not told."""

from __future__ import annotations

from django.utils.translation import gettext

from services.policies import reach
from services.policies.funnel import Funnel
from services.policies.models import ItemMark
from services.policies.reach_words import Table, figure


def tables(found: Funnel) -> list[Table]:
    """Give the steps from "meets the conditions" to "obtained", and why enterprises said no."""
    steps = [
        (gettext("Meet the conditions"), found.matched),
        (gettext("Told"), found.told),
        (gettext("Opened the message"), found.opened),
        (gettext("Its page was opened, times"), found.read),
        (gettext("Saved it"), found.saved),
        (gettext("Questions and requests from its page"), found.asked),
        (gettext("Say they applied"), found.applied),
        (gettext("Say they obtained it"), found.obtained),
    ]
    shown = Table(
        gettext("How far it came"),
        (gettext("Step"), gettext("Enterprises")),
        [(words, figure(count)) for words, count in steps],
    )
    return [shown, _reasons(found)] if found.dismissed else [shown]


def _reasons(found: Funnel) -> Table:
    """Why it stopped: small numbers are put together, as in the dry run."""
    cells = reach.gathered({code: count for code, count in found.dismissed.items() if count})
    rows = [
        (
            gettext("Other reasons together") if cell.gathered else str(ItemMark.Reason(cell.code).label),
            figure(cell.count),
        )
        for cell in cells
    ]
    return Table(
        gettext("Why it stopped: “not for us” because"), (gettext("Reason"), gettext("Enterprises")), rows
    )
