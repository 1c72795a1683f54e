"""The report on paper: one PDF with the Chinese pages first and the English ones after them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from core import pdf
from services.assessments import report
from services.assessments.models import Assessment
from services.assessments.report import Report

TEMPLATE = Path(__file__).parent / "report.typ"
LANGUAGES = ("zh-hans", "en")


def document(assessment: Assessment) -> bytes:
    """Return the PDF of a finished round; raises ValueError for a draft."""
    if assessment.finished_at is None:
        raise ValueError("only a finished round is printed")
    parts = [_part(assessment, language) for language in LANGUAGES]
    data = {
        "title": parts[0]["title"],
        "author": assessment.enterprise.name,
        "footer": f"{parts[0]['code']} · {assessment.version} · {assessment.version.digest[:12]}",
        "parts": parts,
    }
    return pdf.render(TEMPLATE, data, at=assessment.finished_at)


def _part(assessment: Assessment, language: str) -> dict[str, Any]:
    with translation.override(language):
        return _words(report.build(assessment), "zh" if language == "zh-hans" else "en")


def _words(found: Report, lang: str) -> dict[str, Any]:
    assessment = found.assessment
    finished = localtime(assessment.finished_at)
    return {
        "lang": lang,
        "title": found.title,
        "enterprise": assessment.enterprise.name,
        "reference": assessment.reference,
        "day": f"{finished:%Y-%m-%d}",
        "level_label": gettext("Level"),
        "level": found.level,
        "score_label": gettext("Score"),
        "score": gettext("%(score)s of %(most)s") % {"score": found.score, "most": found.max_score},
        "parts_label": gettext("Points by part"),
        "bars": _bars(found),
        "average": found.average_text,
        "ceiling": found.ceiling,
        "needs_label": gettext("What %(level)s asks for") % {"level": found.next_level},
        "needs": [_need(need.text, is_met=need.is_met) for need in found.needs],
        "steps_label": gettext("Your three best next steps"),
        "steps": [
            {
                "title": step.title,
                "reason": " · ".join(filter(None, (step.reason, step.effort))),
                "offering": step.offering.name,
            }
            for step in found.steps
        ],
        "no_steps": gettext("Nothing is lacking that one of our services could help with."),
        **_visit(found),
        **_tables(found),
        "basis_label": gettext("Basis"),
        "basis": f"{found.source} · {_edition(assessment)}",
        "note": " ".join(filter(None, (found.note, found.counting, _not_asked(found)))),
        "code_label": gettext("Verification code:"),
        "code": found.code,
        "verify": f"{settings.PUBLIC_URL}{reverse('assessments:verify')}",
    }


def _not_asked(found: Report) -> str:
    count = len(found.not_asked)
    if not count:
        return ""
    told = ngettext("%(count)s question was not asked", "%(count)s questions were not asked", count)
    return f"{told % {'count': count}}: {'; '.join(found.not_asked)}"


def _bars(found: Report) -> list[dict[str, Any]]:
    return [
        {
            "label": bar.label,
            "percent": bar.percent,
            "average_percent": bar.average_percent,
            "value": bar.value,
            "most": f"/ {bar.most}",
        }
        for bar in found.chart.bars
    ]


def _need(text: str, *, is_met: bool) -> str:
    return f"{gettext('Met:') if is_met else gettext('Open:')} {text}"


def _visit(found: Report) -> dict[str, Any]:
    """Give what an expert saw, scene by scene where it differs; empty without a visit."""
    return {
        "visit_label": gettext("Seen by an expert"),
        "visit": found.verified.text if found.verified else "",
        "gap_heads": [gettext("Scene"), gettext("Your answer"), gettext("Seen"), gettext("Reason")],
        "gaps": [
            [gap.title, str(gap.own), gap.verified, gap.reason]
            for gap in (found.verified.gaps if found.verified else ())
        ],
    }


def _tables(found: Report) -> dict[str, Any]:
    return {
        "scenes_label": gettext("Map of the business scenes"),
        "scene_heads": [gettext("Scene"), gettext("Level"), gettext("As it is")],
        "scenes": [
            {"title": scene.title, "level": str(scene.level), "said": scene.said}
            for _title, scenes in found.groups
            for scene in scenes
        ],
        "rounds_label": gettext("Compared with earlier rounds"),
        "round_heads": [gettext("Round"), gettext("Finished"), gettext("Level"), gettext("Score")],
        "rounds": [
            [
                str(row.number),
                f"{localtime(row.at):%Y-%m-%d}",
                "\n".join(filter(None, (row.level, row.by_present_rule))),
                row.score,
            ]
            for row in found.rounds
        ],
    }


def _edition(assessment: Assessment) -> str:
    return gettext("edition %(edition)s") % {"edition": assessment.version.edition}
