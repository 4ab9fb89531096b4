"""Long answers, made at once and given out piece by piece."""

from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile

_IN_MEMORY, _PIECE = 1 << 20, 1 << 16


def spooled(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Take all the pieces now and give them back one by one; what is longer than a megabyte waits on disk, not in memory.

    An answer may thus be made from an open cursor, and a fault on the way is an error page instead of a torn file.
    """
    kept = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed when the last piece is gone
    for piece in pieces:
        kept.write(piece)
    kept.seek(0)
    return _given(kept)


def _given(kept: "SpooledTemporaryFile[bytes]") -> Iterator[bytes]:
    with kept:
        yield from iter(lambda: kept.read(_PIECE), b"")
