"""One line of log is one record, whatever a visitor typed."""

import logging
import re

# A mainland mobile number, an identity card number; not part of a longer number.
_PERSONAL = re.compile(r"(?<![0-9A-Za-z])(?:1[3-9]\d{9}|[1-9]\d{16}[\dXx])(?![0-9A-Za-z])")


def _masked(found: re.Match[str]) -> str:
    number = found.group()
    return number[:3] + "*" * (len(number) - 5) + number[-2:]


class OneLineFormatter(logging.Formatter):
    """Write time, level, logger and message on one line; control characters are shown escaped.

    Mobile numbers and numbers of identity cards are masked, wherever they come from (C-31).
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        text = _PERSONAL.sub(_masked, super().format(record))
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
