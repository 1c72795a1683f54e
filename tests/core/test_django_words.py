"""Sentences of Django that we word ourselves: each must still be one that Django says."""

import gettext
from pathlib import Path

import django

from core import django_words


def test_every_sentence_is_still_one_of_django() -> None:
    path = Path(django.__file__).parent / "conf/locale/zh_Hans/LC_MESSAGES/django.mo"
    with path.open("rb") as file:
        known = gettext.GNUTranslations(file)

    unknown = [one for one in django_words.PLAIN if known.gettext(one) == one]

    assert unknown == []
