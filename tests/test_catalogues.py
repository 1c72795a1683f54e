"""Every interface string has its Chinese, and what is compiled is what is written."""

import os
import shutil
import subprocess
import sys

import polib
import pytest

from tests import source

CATALOGUES = sorted(source.files("locale", suffix=".po"))


def entries(catalogue):
    return {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}


def test_there_is_a_chinese_catalogue():
    assert "locale/zh_Hans/LC_MESSAGES/django.po" in [source.name_of(path) for path in CATALOGUES]


@pytest.mark.parametrize("path", CATALOGUES, ids=source.name_of)
def test_every_string_is_translated_and_none_is_a_guess(path):
    catalogue = polib.pofile(str(path))

    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=source.name_of)
def test_the_compiled_catalogue_is_fresh(path):
    written = entries(polib.pofile(str(path)))
    compiled = entries(polib.mofile(str(path.with_suffix(".mo"))))

    assert compiled.keys() == written.keys()
    assert [
        key
        for key, entry in written.items()
        if (entry.msgstr, entry.msgstr_plural) != (compiled[key].msgstr, compiled[key].msgstr_plural)
    ] == []


@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed")
def test_no_string_of_the_code_is_missing_from_the_catalogue(tmp_path):
    for place in (*source.ROOMS, "templates", "locale"):
        shutil.copytree(
            source.PROJECT / place,
            tmp_path / place,
            ignore=shutil.ignore_patterns("__pycache__", "vendor"),
        )
    shutil.copy(source.PROJECT / "manage.py", tmp_path)
    path = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    before = set(entries(polib.pofile(str(path))))

    subprocess.run(
        [
            sys.executable,
            "manage.py",
            "makemessages",
            "-l",
            "zh_Hans",
            "--no-obsolete",
            "--add-location=file",
        ],
        cwd=tmp_path,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"},
        check=True,
        capture_output=True,
    )

    assert sorted(map(str, set(entries(polib.pofile(str(path)))) - before)) == []
