"""What a request tells of the browser it came from, as far as a quiz may ask for Safe Exam Browser."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Browser:
    """The browser of a request.

    `url` is the address that was asked for, absolute and without fragment; the hashes are what the browser sent along, or
    what its script interface told of a page. `proven` are the marks of the keys that this session has shown before by it.
    """

    url: str = ""
    config_hash: str = ""
    exam_hash: str = ""
    proven: frozenset[str] = frozenset()
