"""What the log may say: one line for one event, and of a database's complaint not the row it complains about."""

import copy
import logging
import re

_DETAIL = re.compile(r"^(DETAIL|CONTEXT):.*(?:\n(?!Traceback|\[SQL|The above|During|\s+File ).*)*", re.MULTILINE)


class Guarded(logging.Formatter):
    """A formatter whose messages hold no line breaks and whose tracebacks hold no values of rows."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record; a traceback that another handler has written into it already is written anew."""
        own = copy.copy(record)
        own.exc_text = None
        return super().format(own)

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Write line breaks of a message as signs, so that nobody can forge a line."""
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")

    def formatException(self, ei: object) -> str:
        """Leave out what PostgreSQL adds about the failing row."""
        return _DETAIL.sub("", super().formatException(ei))  # type: ignore[arg-type]


def install() -> None:
    """Write to standard error, unless whoever started the program has arranged something else."""
    handler = logging.StreamHandler()
    handler.setFormatter(Guarded("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
