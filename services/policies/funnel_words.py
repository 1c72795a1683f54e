"""Say how far a notice came as tables; numbers of one to four are not told."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext

from services.policies import reach
from services.policies.funnel import Funnel
from services.policies.models import ItemMark
from services.policies.reach_words import Table, figure


def tables(found: Funnel) -> list[Table]:
    """Give the steps from "meets the conditions" to "obtained", and why enterprises said no."""
    steps = [
        (gettext("Meet the conditions"), figure(found.matched)),
        (gettext("Told"), figure(found.told)),
        (gettext("Opened the message"), figure(found.opened)),
        # Anybody may have opened it, so a small number points to nobody.
        (gettext("Its page was opened, times"), f"{found.read:,}"),
        (gettext("Saved it"), figure(found.saved)),
        (gettext("Questions and requests from its page"), figure(found.asked)),
        (gettext("Say they applied"), figure(found.applied)),
        (gettext("Say they obtained it"), figure(found.obtained)),
    ]
    shown = Table(gettext("How far it came"), (gettext("Step"), pgettext("how many", "Number")), steps)
    return [shown, reasons(found)] if found.dismissed else [shown]


def reasons(found: Funnel) -> Table:
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
