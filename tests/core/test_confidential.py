"""Passwords in texts: seen where one is handed over, not where people only speak of them."""

import pytest
from django import forms
from django.http import QueryDict

from core.confidential import WarnsOfPasswords, shows_password


class NoteForm(WarnsOfPasswords):
    watched = ("note",)
    note = forms.CharField()


@pytest.mark.parametrize(
    "typed",
    [
        "密码：Abc123456",
        "系统密码是 qwer1234",
        "登录口令:Kq9!xx",
        "账号 admin 密码 admin888",
        "密　码：ａｂｃ１２３４",
        "Password: hunter22",
        "the password is swordfish",
        "pwd=s3cret",
        "https://li:geheim99@works.example/report",
    ],
)
def test_a_password_handed_over_is_seen(typed: str) -> None:
    assert shows_password(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "密码管理制度.pdf",
        "口令每 90 天更换一次",
        "我们的密码策略是定期更换",
        "password policy of the works",
        "Passwords are changed every 90 days",
        "https://works.example/shop@2",
    ],
)
def test_speaking_of_passwords_is_no_password(typed: str) -> None:
    assert not shows_password(typed)


def test_a_form_asks_once_and_keeps_what_is_sent_again() -> None:
    first = NoteForm(QueryDict("note=密码：abc12345"))

    assert not first.is_valid()
    again = NoteForm({"note": "密码：abc12345", "warned": first["warned"].value()})

    assert list(first.errors) == ["note"]
    assert again.is_valid()
    assert again.cleaned_data == {"note": "密码：abc12345"}


def test_another_password_is_asked_about_again() -> None:
    first = NoteForm(QueryDict("note=密码：abc12345"))
    first.is_valid()

    other = NoteForm({"note": "密码：xyz98765", "warned": first["warned"].value()})

    assert not other.is_valid()
