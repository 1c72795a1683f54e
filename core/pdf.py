"""Set a document with Typst: a template beside the room that owns it, and plain data.

No network and no fonts of the machine: the same data gives the same pages everywhere. Pages are tagged, so
a screen reader can follow them.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

FONTS = Path(__file__).parent / "fonts"


def render(template: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return the PDF of a template; it reads `data` (JSON values) as `json(bytes(sys.inputs.data))`.

    `at` is the time the document says it was made.
    """
    document: bytes = typst.compile(
        template,
        root=template.parent,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(at.timestamp()),
    )
    return document


@cache
def _fonts() -> typst.Fonts:
    """Read the fonts once: they are most of what a document needs in memory."""
    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])
