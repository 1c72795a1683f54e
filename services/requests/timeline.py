"""What has happened to a request and what comes next, as its owner reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core import audit
from core.models import Event
from services.requests.models import FINAL_STATES, Escalation, ServiceRequest, State
from services.requests.sla import Clock

TITLES: dict[str, str | Promise] = {
    "submit": pgettext_lazy("step of a request", "Received"),
    "take": pgettext_lazy("step of a request", "Taken up"),
    "assign": pgettext_lazy("step of a request", "Given to"),
    "hand_over": pgettext_lazy("step of a request", "Given to"),
    "ask": _("We asked you for something"),
    "supply": _("You answered"),
    "resume": _("We go on"),
    "resolve": pgettext_lazy("step of a request", "Done"),
    "reopen": pgettext_lazy("step of a request", "Reopened"),
    "close": pgettext_lazy("step of a request", "Closed"),
    "refuse": _("Returned with a reason"),
    "withdraw": pgettext_lazy("step of a request", "Withdrawn"),
    "join": _("Joined to another request of yours"),
    "part": _("Goes on by itself again"),
    "ask_to_share": _("We asked whether the provider may have it"),
    "agree_to_share": _("You agreed what the provider may be given"),
    "revoke_sharing": _("You took the agreement back"),
    "pass_on": _("With the provider"),
    "take_back": _("The provider has answered"),
    "reclassify": _("Goes on as another service"),
    "postpone": _("A later date was promised"),
    "move_deadline": _("Expected date moved, because the working calendar changed"),
}

# What of the ladder the other side reads: a broken promise explains itself.
LATE: dict[str, str | Promise] = {
    Escalation.Step.OVERDUE: _("Not done by the promised day: whoever has it was told"),
    Escalation.Step.LEAD: _("Still not done: the lead was told"),
    Escalation.Step.REASSIGN: _("Still not done: the lead was asked to give it to somebody else"),
}
MOVED = ("move_deadline", "postpone")


@dataclass(frozen=True)
class Step:
    """One step: `state` is done, now or next; `at` a time, or `on` a day."""

    state: str
    title: str | Promise
    at: datetime | None = None
    on: date | None = None
    who: str = ""
    note: str = ""


def steps(service_request: ServiceRequest, clock: Clock) -> list[Step]:
    """Return the steps in order of time, the present one marked, then what comes next; two queries."""
    events = [event for event in audit.history(service_request) if _title(event)][::-1]
    names = _names(service_request, events)
    past = [_past(event, names, event is events[-1], service_request, clock) for event in events]
    return past + list(_ahead(service_request, clock))


def _title(event: Event) -> str | Promise:
    if event.verb == "escalate":
        return LATE.get(event.data.get("step", ""), "")
    return TITLES.get(event.verb, "")


def _names(service_request: ServiceRequest, events: list[Event]) -> dict[int, str]:
    """Name who acted; who was given the request stands in its holder."""
    names = audit.actor_names(events)
    holder = service_request.holder
    for event in events:
        if holder and event.data.get("to") == holder.pk:
            names[event.pk] = holder.get_full_name()
        elif event.actor_id is None:
            names[event.pk] = ""
    return names


def _past(
    event: Event, names: dict[int, str], is_last: bool, service_request: ServiceRequest, clock: Clock
) -> Step:
    is_now = is_last and service_request.state not in (*FINAL_STATES, State.RESOLVED)
    return Step(
        state="now" if is_now else "done",
        title=_title(event),
        at=event.at,
        who=names[event.pk],
        note=_pause_note(clock) if is_last and clock.is_paused else _moved_note(event),
    )


def _ahead(service_request: ServiceRequest, clock: Clock) -> Iterable[Step]:
    if clock.is_paused:
        yield Step("next", _("You answer, and the clock goes on"))
    if clock.reply_due_on:
        yield Step("next", _("First reply by"), on=clock.reply_due_on)
    if clock.due_on and not clock.is_paused:
        yield Step("next", _("Expected to be done by"), on=clock.due_on, note=_due_note(clock))


def _pause_note(clock: Clock) -> str:
    if clock.days_left is None:
        return gettext("The clock is paused until you have answered.")
    return ngettext(
        "The clock is paused until you have answered; %(days)s working day is left then.",
        "The clock is paused until you have answered; %(days)s working days are left then.",
        clock.days_left,
    ) % {"days": clock.days_left}


def _moved_note(event: Event) -> str:
    return f"{event.before} → {event.after}" if event.verb in MOVED else ""


def _due_note(clock: Clock) -> str:
    if clock.is_overdue:
        return gettext("This day has passed.")
    if not clock.is_provisional:
        return ""
    return gettext("Provisional: the holidays of that year are not announced yet.")
