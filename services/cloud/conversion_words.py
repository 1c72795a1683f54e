"""Conversion projects in the reader's words: what happened, what comes next, whose turn it is."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import audit, calendar
from core.models import Event
from services.cloud import lateness
from services.cloud.models import Conversion, ConversionState
from services.cloud.voucher_words import LATE, Step

State = ConversionState

TITLES: dict[str, str | Promise] = {
    "intend": _("You said what is to be better"),
    "take_baseline": _("The level before is kept"),
    "file": _("You filed the contract"),
    "return_filing": _("The county asks about the filing"),
    "confirm": _("The county has confirmed the filing"),
    "take_result": _("The level after is kept"),
    "apply": _("You applied for acceptance"),
    "return_list": _("The city asks about the spending list"),
    "accept": _("Accepted by the city; the reward is decided"),
    "reject": _("Not accepted by the city"),
    "apply_for_reward": _("You asked for the reward"),
    "pay": pgettext_lazy("step of a conversion", "Paid"),
    "audit": pgettext_lazy("step of a conversion", "Audited"),
    "withdraw": pgettext_lazy("step of a conversion", "Withdrawn"),
}
_AHEAD: tuple[tuple[str, str | Promise], ...] = (
    (State.INTENDED, _("You assess where you stand now")),
    (State.BASELINE, _("You file the contract and declare")),
    (State.FILED, _("The county checks the filing")),
    (State.IN_PROGRESS, _("You convert, gather the invoices and assess again")),
    (State.RESULT, _("You apply for acceptance with the spending list")),
    (State.ACCEPTANCE, _("The city checks and decides the reward")),
    (State.ACCEPTED, _("You ask for the reward")),
    (State.REWARD, _("The reward is paid")),
)


def steps(conversion: Conversion) -> list[Step]:
    """Return what has happened in order of time, then what is still ahead; two queries."""
    events = [event for event in audit.history(conversion) if event.verb in TITLES][::-1]
    past = [Step("done", TITLES[event.verb], at=event.at, note=_reason(event)) for event in events]
    return [*past, *_ahead(conversion)]


def _reason(event: Event) -> str:
    return str(audit.detail_of(event).get("reason", ""))


def _ahead(conversion: Conversion) -> Iterator[Step]:
    places = [state for state, _title in _AHEAD]
    if conversion.state not in places:
        return
    here = places.index(conversion.state)
    late = str(LATE) if lateness.is_late(conversion, calendar.today()) else ""
    (_state, now), *ahead = _AHEAD[here:]
    yield Step("now", now, on=conversion.due_on, note=late)
    for _state, title in ahead:
        yield Step("next", title)
