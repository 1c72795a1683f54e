"""One line of log is one record, whatever a visitor typed."""

import logging


class OneLineFormatter(logging.Formatter):
    """Write time, level, logger and message on one line; control characters are shown escaped."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
