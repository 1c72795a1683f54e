"""Lighthouse, as a phone sees the ten main pages: speed ≥ 95, access, good practice and findability 100.

Runs by `bin/test lighthouse` alone, against a portal as it is deployed; a busy machine makes pages look slow.
"""

import json
import os
import statistics
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.chromium import ARGUMENTS, chromium_path
from tests.faults.rig import Portal

LIGHTHOUSE = os.environ.get("LIGHTHOUSE", "")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db,
    pytest.mark.skipif(not LIGHTHOUSE, reason="bin/test lighthouse runs it"),
]
PAGES = (
    "/",
    "/policies/",
    "/policies/cn-tax-small-low-profit/",
    "/services/",
    "/assessments/",
    "/cloud/",
    "/cloud/products/",
    "/industry/",
    "/open/",
    "/help/",
)
GOALS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
RUNS = 3


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_the_ten_main_pages_reach_the_goals(
    portal: Callable[..., Portal], tmp_path: Path, prefix: str
) -> None:
    with portal() as opened:
        opened.web()
        found = {path: measure(f"http://localhost:{opened.port}{prefix}{path}", tmp_path) for path in PAGES}

    for path, scores in found.items():
        print(f"{prefix}{path}", *(f"{name} {score:.0f}" for name, score in scores.items()))  # noqa: T201 - the figures are what is wanted
    assert {path: short for path, scores in found.items() if (short := too_low(scores))} == {}


def too_low(scores: dict[str, float]) -> dict[str, float]:
    return {name: score for name, score in scores.items() if score < GOALS[name]}


def measure(address: str, folder: Path) -> dict[str, float]:
    """Return the scores of a page: of the first run when it is good enough, else the median of three."""
    runs = [run(address, folder)]
    while too_low(runs[0]) and len(runs) < RUNS:
        runs.append(run(address, folder))
    return {name: statistics.median(scores[name] for scores in runs) for name in GOALS}


def run(address: str, folder: Path) -> dict[str, float]:
    report = folder / "report.json"
    flags = f"--chrome-flags=--headless=new {' '.join(ARGUMENTS)}"
    output = ["--output=json", f"--output-path={report}", f"--only-categories={','.join(GOALS)}", "--quiet"]
    subprocess.run(
        [LIGHTHOUSE, address, flags, *output],
        env=os.environ | {"CHROME_PATH": chromium_path() or ""},
        check=True,
        timeout=180,
    )
    categories = json.loads(report.read_text())["categories"]
    return {name: categories[name]["score"] * 100 for name in GOALS}
