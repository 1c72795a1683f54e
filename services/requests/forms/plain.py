"""What the forms of this room share: errors of ours, files that wait beside, the length of a text."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from core.uploads import FilesField
from services.requests.models import Attachment
from services.requests.papers import PAPER, PER_FORM

BODY_LENGTH = 4000


class PlainForm(forms.Form):
    """A form whose errors are ours, not the browser's."""

    use_required_attribute = False


class WithFiles(PlainForm):
    """A form beside which files wait until it is sent.

    The door keeps the uploads first and hands in what waits as `held`; the fields themselves hold nothing, so
    that no error in the form ever costs a file.
    """

    def __init__(self, *args: Any, held: Sequence[Attachment] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held

    def unjudged(self) -> "WithFiles":
        """Show what was typed without judging it: only a file was added or taken away."""
        self._errors, self.cleaned_data = ErrorDict(), {}
        return self

    def groups(self) -> Iterator[tuple[forms.BoundField, list[Attachment]]]:
        """Yield each field with the files that wait below it."""
        for field in self:
            takes = isinstance(field.field, FilesField)
            yield field, [paper for paper in self.held if takes and field.name == files_field(paper.item)]

    def upload_fields(self) -> Iterator[tuple[str, int | None]]:
        """Yield the names of the fields that take files, with the item of the checklist each answers."""
        for name, field in self.fields.items():
            if isinstance(field, FilesField):
                yield name, int(name.split("_")[1]) if name.startswith("item_") else None


def _fill(words: str | Promise, **facts: Any) -> str:
    return str(words) % facts


format_lazy = lazy(_fill, str)


def files_field(item: int | None) -> str:
    """Name the field whose files answer an item of the checklist; None is the one for everything else."""
    return "papers" if item is None else f"item_{item}_papers"


def files(label: str | Promise = "", hint: str | Promise = "") -> FilesField:
    told = _("Photos or papers: %(kinds)s; at most %(limit)s MB each, %(count)s files.")
    return FilesField(
        label=label or _("Files"),
        purpose=PAPER,
        help_text=hint or format_lazy(told, kinds=PAPER.labels, limit=PAPER.max_megabytes, count=PER_FORM),
    )
