"""Notice a password typed into a text that others will read, and ask once before it is kept.

Nothing here asks for a password. It knows the ways people hand one over (“密码：…”, “password is …”, an
address with a password inside); a text it does not recognise is kept as it is.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext

from core import text

_NAME = r"(?:密\s*码|口\s*令|pass\s*word|passwd|pass\s*code|pass\s*phrase|\bpwd)"
_SIGN = r"[\x21-\x7e]"
_HANDED_OVER = re.compile(
    rf"{_NAME}\s*(?:是|为|\bis\b|[:=])\s*{_SIGN}{{4,}}"  # a word follows after "is"
    rf"|{_NAME}\s*(?={_SIGN}*\d){_SIGN}{{6,}}"  # or at once, if it has a figure
    r"|[a-z][a-z0-9+.\-]*://[^\s/@:]+:[^\s/@]+@",  # or it stands in an address
    re.IGNORECASE,
)


def shows_password(typed: str) -> bool:
    """Tell whether a text seems to hold a password; the mere word (“密码管理制度”) is none."""
    return bool(_HANDED_OVER.search(text.normal(typed)))


class WarnsOfPasswords(forms.Form):
    """A form that is shown again when a text seems to hold a password; sent unchanged, it is kept.

    `watched` names the fields that are looked at. A template that writes its fields one by one must also
    write `{{ form.warned }}`. `cleaned_data` holds no trace of the look.
    """

    warned = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    watched: Sequence[str] = ()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        was_warned_of = cleaned.pop("warned", "")
        found = [name for name in self.watched if shows_password(str(cleaned.get(name, "")))]
        mark = _mark(found, cleaned)
        if found and was_warned_of != mark:
            # A hidden field shows what was sent, so the mark goes into the data.
            self.data = {**self.data.dict(), "warned": mark} if hasattr(self.data, "dict") else self.data
            for name in found:
                self.add_error(
                    name,
                    gettext(
                        "This looks like a password. Nobody here needs one: take it out. If it is none, send"
                        " the form again as it is."
                    ),
                )
        return cleaned


def _mark(names: Sequence[str], typed: Mapping[str, Any]) -> str:
    told = "\n".join(f"{name}\t{typed[name]}" for name in names)
    return hashlib.sha256(told.encode()).hexdigest()
