"""A lifecycle is a table: states, and the transitions between them, applied in one place.

`Lifecycle.apply` locks the row, checks source and permission, saves and records the event.
Nothing else assigns to a state field.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.functional import Promise

from core import audit

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Transition:
    """One arrow of the table.

    `permission` is the Django permission a member of staff needs; empty means the door has
    already scoped the row (an owner through `for_member`, the system through a drain).
    """

    verb: str
    sources: frozenset[str]
    target: str
    label: str | Promise
    permission: str = ""
    needs_reason: bool = False

    def may_be_used_by(self, user: Any) -> bool:
        """Tell whether `user` (None: the system) holds the permission of this transition."""
        return not self.permission or user is None or user.has_perm(self.permission)


class TransitionRefused(Exception):
    """The transition is not allowed now; `code` says why: state, permission or reason."""

    def __init__(self, code: str, verb: str, state: str) -> None:
        super().__init__(f"{verb} refused ({code}) in state {state}")
        self.code = code
        self.verb = verb
        self.state = state


class Lifecycle:
    """The table of one model's state field."""

    def __init__(self, transitions: Iterable[Transition], *, field: str = "state") -> None:
        self.field = field
        self.transitions = {transition.verb: transition for transition in transitions}

    def __iter__(self) -> Iterator[Transition]:
        return iter(self.transitions.values())

    def allowed(self, row: models.Model, user: Any) -> list[Transition]:
        """Return the transitions open to `user` from the row's present state, in table order."""
        state = getattr(row, self.field)
        return [t for t in self if state in t.sources and t.may_be_used_by(user)]

    def apply(
        self,
        row: Row,
        verb: str,
        *,
        by: Any,
        reason: str = "",
        data: dict[str, Any] | None = None,
        **changes: Any,
    ) -> Row:
        """Move `row` along `verb`, set `changes` with it, record the event; return the locked row.

        Raises TransitionRefused when the row (read again under lock) is not in a source state,
        when `by` lacks the permission, or when a reason is asked for and missing.
        """
        with transaction.atomic():
            locked = type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
            self.apply_to_locked(locked, verb, by=by, reason=reason, data=data, **changes)
        # Only now: a caller whose change was refused by the database still holds the row as it is.
        _set(row, {**changes, self.field: getattr(locked, self.field)})
        return locked

    def apply_to_locked(
        self,
        row: Row,
        verb: str,
        *,
        by: Any,
        reason: str = "",
        data: dict[str, Any] | None = None,
        **changes: Any,
    ) -> Row:
        """Move a row that was read under lock in this transaction, which a refusal must end; return it."""
        transition = self.transitions[verb]
        state = getattr(row, self.field)
        self._check(transition, state, by, reason)
        changes[self.field] = transition.target
        _set(row, changes)
        row.save(update_fields=list(changes))
        audit.record(
            row,
            verb,
            by=by,
            before=state,
            after=transition.target,
            data=data,
            detail={"reason": reason} if reason else None,
        )
        return row

    @staticmethod
    def _check(transition: Transition, state: str, by: Any, reason: str) -> None:
        if state not in transition.sources:
            raise TransitionRefused("state", transition.verb, state)
        if not transition.may_be_used_by(by):
            raise TransitionRefused("permission", transition.verb, state)
        if transition.needs_reason and not reason.strip():
            raise TransitionRefused("reason", transition.verb, state)


def _set(row: models.Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
