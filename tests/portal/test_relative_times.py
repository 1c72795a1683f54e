"""Days left, late or ago are said with the day itself beside them; large numbers have commas."""

import re
from pathlib import Path

from django.conf import settings

from portal.templatetags.portal import facet_options

TEMPLATES = Path(settings.BASE_DIR) / "templates"
RELATIVE = re.compile(r"\b(?:days?|months?|hours?)(?:</\w+>)? (?:left|late|ago)\b|\bmore days?\b")
A_DAY = re.compile(r"<time\b|\|date:|\{\{ (?:day|due|closes_on) \}\}")


def test_every_text_with_relative_times_names_the_day() -> None:
    files = [path for path in TEMPLATES.rglob("*.*") if path.is_file()]
    relative = [path for path in files if RELATIVE.search(path.read_text())]
    # The subject of a mail is short; its text names the day.
    texts = {path.with_name("body.txt") if path.name == "subject.txt" else path for path in relative}

    assert len(texts) > 8
    assert [path.name for path in texts if not A_DAY.search(path.read_text())] == []


def test_large_numbers_of_a_filter_have_commas() -> None:
    option = {"value": "370200", "label": "Qingdao", "count": 20105, "checked": False}

    assert ">20,105<" in facet_options({"name": "region", "options": [option]})
