"""Which passwords are taken: long enough for the role, and more than words anybody would guess first.

No rules about digits or capitals and no forced change for enterprise people (ASVS 6.2.5, 6.2.10). MLPS 2.0
(GB/T 22239-2019) asks for more: staff need 15 characters, a second factor, and a new password every
STAFF_PASSWORD_DAYS days.
"""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LONGEST = 128
# Set at sign-in when a person of the staff needs a new password first; holds the reason.
MUST_CHANGE = "password_must_change"
TOO_SHORT, TOO_OLD = "short", "old"
CONTEXT = (
    "qingdao", "shandong", "jinan", "gongye", "hulianwang", "zhongxiao", "zhuanjingtexin", "qiye",
    "shuzihua", "zhuanxing", "fuwu", "pingtai", "digital", "transformation", "platform", "service",
    "portal", "enterprise", "password", "admin", "青岛", "山东", "济南", "工业互联网", "中小企业",
    "企业", "数字化", "转型", "服务", "平台", "密码",
)  # fmt: skip


def shortest_for(user: object) -> int:
    """Return how many characters this person's password needs."""
    return settings.STAFF_PASSWORD_LENGTH if getattr(user, "is_staff", False) else settings.PASSWORD_LENGTH


def why_change(user: Any, password: str, *, now: datetime) -> str:
    """Say why this person of the staff needs a new password: TOO_SHORT, TOO_OLD, or "" for no reason."""
    if len(password) < shortest_for(user):
        return TOO_SHORT
    days = settings.STAFF_PASSWORD_DAYS if user.is_staff else 0
    return TOO_OLD if days and now - user.password_set_at > timedelta(days=days) else ""


def hint_for(user: object = None) -> str:
    """Say in one sentence what is asked for, to stand beside the field."""
    return _(
        "At least %(count)d characters. A short sentence is easy to remember; leave out your name, "
        "your e-mail address and the name of this site."
    ) % {"count": shortest_for(user)}


class LengthByRole:
    """15 to 128 characters for staff, 8 to 128 for everybody else."""

    def validate(self, password: str, user: object = None) -> None:
        shortest = shortest_for(user)
        if len(password) < shortest:
            raise ValidationError(
                ngettext(
                    "The password needs at least %(count)d character.",
                    "The password needs at least %(count)d characters; this one has %(length)d.",
                    shortest,
                ),
                code="password_too_short",
                params={"count": shortest, "length": len(password)},
            )
        if len(password) > LONGEST:
            raise ValidationError(
                _("The password may have at most %(count)d characters; this one has %(length)d."),
                code="password_too_long",
                params={"count": LONGEST, "length": len(password)},
            )

    def get_help_text(self) -> str:
        return hint_for()


class ContextWords:
    """Refuse what, without the words around this site and this person, is hardly a password at all."""

    def validate(self, password: str, user: object = None) -> None:
        folded = unicodedata.normalize("NFKC", password).casefold()
        left = folded
        for word in sorted({*CONTEXT, *_words_of(user)}, key=len, reverse=True):
            left = left.replace(word, "")
        if left != folded and len(left) < settings.PASSWORD_LENGTH:
            raise ValidationError(
                _(
                    "Apart from words of this site, your name or your e-mail address, too little of this "
                    "password is left. Add a few words of your own."
                ),
                code="password_context_words",
            )

    def get_help_text(self) -> str:
        return ""


def _words_of(user: object) -> set[str]:
    known = f"{getattr(user, 'email', '')} {getattr(user, 'name', '')}".casefold()
    words = re.split(r"[\s@._+-]+", known)
    return {word for word in words if len(word) >= (2 if not word.isascii() else 4)}
