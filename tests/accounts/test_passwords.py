from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override

from accounts.models import User

# Tests hash fast; what production does stands in the settings.
SETTINGS = Path(settings.BASE_DIR, "portal", "settings.py")

LI = User(email="lihua@haier-parts.example", name="Li Hua")
CHEN = User(email="chen@triage.example", name="Chen", is_staff=True)


def faults(password: str, user: User) -> list[str]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [one.code for one in error.error_list]
    return []


@pytest.mark.parametrize(
    ("password", "user", "expected"),
    [
        ("kranich", LI, ["password_too_short"]),
        ("segelbot", LI, []),
        ("zwölf kr", LI, []),
        ("十二只鹤在海边飞", LI, []),
        ("kraniche am meer", CHEN, []),
        ("kraniche am me", CHEN, ["password_too_short"]),
        ("kraniche am mee", CHEN, []),
        ("k" * 32 + "r" * 32, LI, []),
        ("kranich " * 16, LI, []),
        ("kranich " * 16 + "x", LI, ["password_too_long"]),
        ("password123", LI, ["password_too_common", "password_context_words"]),
        ("iloveyou", LI, ["password_too_common"]),
        ("8305176429", LI, ["password_entirely_numeric"]),
        ("qingdao2026", LI, ["password_context_words"]),
        ("Shandong@26", LI, ["password_context_words"]),
        ("ＱＩＮＧＤＡＯ２０２６", LI, ["password_context_words"]),
        ("青岛中小企业平台2026", LI, ["password_context_words"]),
        ("gongyehulianwang", CHEN, ["password_context_words"]),
        ("haier-2026!", LI, ["password_context_words"]),
        ("shandong cranes fly by night", LI, []),
    ],
)
def test_which_passwords_are_taken(password: str, user: User, expected: list[str]) -> None:
    assert faults(password, user) == expected


def test_messages_say_how_long() -> None:
    with override("en"), pytest.raises(ValidationError) as error:
        validate_password("kranich", LI)

    assert error.value.messages == ["The password needs at least 8 characters; this one has 7."]


def test_staff_passwords_are_longer_and_hashed_slowly() -> None:
    assert (settings.STAFF_PASSWORD_LENGTH, settings.PASSWORD_LENGTH) == (15, 8)
    assert '"django.contrib.auth.hashers.ScryptPasswordHasher",' in SETTINGS.read_text()
