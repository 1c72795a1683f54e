"""Fields that read what people type: invisible marks are taken out, and length is counted as it is stored."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import text

# Marks that turn the direction of writing or cannot be seen; control characters except the line end.
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_MANY_BLANK_LINES = re.compile(r"\n{3,}")


class LineField(forms.CharField):
    """One line of text, such as a name or a subject."""

    def to_python(self, value: Any) -> str:
        return " ".join(_visible(super().to_python(value) or "").split())


class WordsField(forms.CharField):
    """Several lines of text; a line end counts as one character."""

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        # {n} is filled in by static/count.js where a page loads it.
        widget = forms.Textarea(attrs={"rows": rows, "data-left": _("{n} characters left")})
        super().__init__(**{"widget": widget, **kwargs})

    def to_python(self, value: Any) -> str:
        lines = _visible(super().to_python(value) or "").split("\n")
        return _MANY_BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip()


class _InDigits:
    """Refuses underscores, which Python reads as grouping: in 1_0 they are more likely a slip."""

    def to_python(self, value: Any) -> Any:
        if "_" in str(value):
            raise ValidationError(_("Write digits without underscores, for example 1000."))
        return super().to_python(value)  # type: ignore[misc]  # mixed into fields


class IntegerField(_InDigits, forms.IntegerField):
    """A whole number; full-width digits are fine."""


class DecimalField(_InDigits, forms.DecimalField):
    """A number with decimals; full-width digits are fine."""


# Chinese mobile numbers begin with 13 to 19 and have 11 digits; numbers from abroad come with their "+".
_HALF_MOBILE = re.compile("1[3-9](?:[0-9]{5,8}|[0-9]{10,13})")


class PhoneField(forms.CharField):
    """A phone number as people write it; gives its digits."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})
        super().__init__(**{"widget": widget, "max_length": 40, **kwargs})

    def clean(self, value: Any) -> str:
        digits = text.phone(super().clean(value) or "")
        if digits and not re.fullmatch(r"\+?[0-9]{7,15}", digits):
            raise ValidationError(
                _("Type a phone number of 7 to 15 digits, for example 0532 8588 0000 or 138 0000 0000.")
            )
        if _HALF_MOBILE.fullmatch(digits):
            raise ValidationError(
                _("A mobile number has 11 digits; you typed %(count)s. Is one missing or one too many?"),
                params={"count": len(digits)},
            )
        return digits


class EmailField(forms.EmailField):
    """An e-mail address; full-width characters, blanks and capitals are fine."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 254, **kwargs})
        self.widget.attrs.update({"autocomplete": "email", "spellcheck": "false"})

    def to_python(self, value: Any) -> str:
        return text.email(_UNSEEN.sub("", str(value or "")))


def _visible(value: str) -> str:
    one_line_end = value.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub(" ", _UNSEEN.sub("", one_line_end)))
