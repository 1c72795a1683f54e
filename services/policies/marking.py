"""What an enterprise says of notices and items, made ready for pages; decides nothing, changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext

from enterprises.models import Enterprise, Membership
from services.policies import rows
from services.policies.models import ItemMark, PolicyItem, PolicyNotice
from services.policies.rows import Deadline, Link

Standing = ItemMark.Standing


@dataclass(frozen=True)
class Thing:
    """Something that can be marked: an item by its position, or the notice itself (position '').

    `choices` are the standings a writer may choose now, as (value, label of the button).
    """

    position: str
    title: str
    standing: str
    label: str
    reason: str
    choices: list[tuple[str, str]]

    @property
    def is_dismissed(self) -> bool:
        return self.standing == Standing.DISMISSED


@dataclass(frozen=True)
class Marking:
    """The marks of one notice as its page shows them; `may_write` says who sees the buttons."""

    slug: str
    things: list[Thing]
    is_member: bool = False
    may_write: bool = False


@dataclass(frozen=True)
class SavedRow:
    """One line of the enterprise's list, with its last day and the one action that is next."""

    slug: str
    position: str
    title: str
    url: str
    issuer: str
    standing: str
    label: str
    deadline: Deadline
    is_over: bool
    following: Link | None
    reason: str = ""


def of_notice(notice: PolicyNotice, membership: Membership | None) -> Marking:
    """Give what can be marked on the page of a notice whose items are loaded; one query for members."""
    if membership is None:
        return Marking(notice.slug, [])
    marks = {
        mark.item_id: mark
        for mark in ItemMark.objects.filter(enterprise=membership.enterprise_id, notice=notice)
    }
    things = [_thing(str(item.position), item.title, marks.get(item.pk)) for item in notice.its_items]
    return Marking(
        notice.slug,
        things or [_thing("", notice.title, marks.get(None))],
        is_member=True,
        may_write=membership.may_write,
    )


def _thing(position: str, title: str, mark: ItemMark | None) -> Thing:
    standing = mark.standing if mark else ""
    return Thing(
        position,
        title,
        standing,
        capfirst(mark.get_standing_display()) if mark else "",
        reason(mark) if mark else "",
        _choices(standing, is_item=bool(position)),
    )


def _choices(standing: str, *, is_item: bool) -> list[tuple[str, str]]:
    """Offer the steps that lie ahead: save, then applied, then obtained."""
    ahead = {
        "": [Standing.SAVED, Standing.APPLIED],
        Standing.SAVED: [Standing.APPLIED],
        Standing.APPLIED: [Standing.OBTAINED],
        Standing.OBTAINED: [],
        Standing.DISMISSED: [Standing.SAVED],
    }[standing]
    words = {
        Standing.SAVED: pgettext("mark", "Save"),
        Standing.APPLIED: gettext("We have applied"),
        Standing.OBTAINED: gettext("We have obtained it"),
    }
    return [(one.value, words[one]) for one in ahead if is_item or one is Standing.SAVED]


def reason(mark: ItemMark) -> str:
    """Say why something was dismissed; empty for everything else."""
    return gettext(": ").join(filter(None, [mark.get_reason_display(), mark.words])) if mark.reason else ""


def hidden_items(enterprise: Enterprise | int) -> QuerySet[ItemMark, int]:
    """Return the numbers of the items an enterprise has dismissed, for lists of what fits to leave out."""
    return ItemMark.objects.hidden_from(enterprise)


def saved(enterprise: Enterprise, on: date) -> QuerySet[ItemMark]:
    """Return what stands on the list: what can still be claimed first, the nearest last day on top."""
    is_over = Q(item__closes_on__lt=on) | ~Q(notice__state=PolicyNotice.State.PUBLISHED)
    settled = Q(standing=Standing.OBTAINED)
    place = Case(When(is_over | settled, then=Value(1)), default=Value(0))
    marks = ItemMark.objects.filter(enterprise=enterprise).kept().select_related("notice", "item")
    return marks.order_by(place, F("item__closes_on").asc(nulls_last=True), "-pk")


def dismissed(enterprise: Enterprise) -> QuerySet[ItemMark]:
    marks = ItemMark.objects.filter(enterprise=enterprise).dismissed()
    return marks.select_related("notice", "item").order_by("-marked_at", "-pk")


def rows_of(marks: Iterable[ItemMark], on: date) -> list[SavedRow]:
    """Make the lines of the list; the marks come with notice and item loaded."""
    return [_row(mark, on) for mark in marks]


def _row(mark: ItemMark, on: date) -> SavedRow:
    notice, item = mark.notice, mark.item
    items = [item] if item else []
    deadline = rows.deadline(notice, items, on)
    is_over = (
        notice.state != PolicyNotice.State.PUBLISHED
        or notice.has_ended(on)
        or (deadline.days_left is not None and deadline.days_left < 0)
    )
    return SavedRow(
        slug=notice.slug,
        position=str(item.position) if item else "",
        title=item.title if item else notice.title,
        url=rows.page_url(notice),
        issuer=notice.issuer,
        standing=mark.standing,
        label=capfirst(mark.get_standing_display()),
        deadline=deadline,
        is_over=is_over,
        following=None if is_over else _following(mark.standing, item),
        reason=reason(mark),
    )


def _following(standing: str, item: PolicyItem | None) -> Link | None:
    """Name what comes next: apply where there is an address to apply at."""
    if standing == Standing.SAVED and item and item.apply_url:
        return Link(gettext("Apply"), item.apply_url)
    return None
