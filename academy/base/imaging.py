"""The one door to the library of pictures, which is read when the first picture is: most processes never open one."""

from types import ModuleType
from typing import Any

from academy.base.late import Late

MOST_PIXELS = 40_000_000


def _limit(library: ModuleType) -> None:
    library.MAX_IMAGE_PIXELS = MOST_PIXELS  # type: ignore[attr-defined]


Image: Any = Late("PIL.Image", _limit)
ImageDraw: Any = Late("PIL.ImageDraw")
ImageOps: Any = Late("PIL.ImageOps")


def troubles() -> tuple[type[BaseException], ...]:
    """Return all that opening a picture may raise which is none, is broken, or would be too large; for `except`."""
    return (
        Image.UnidentifiedImageError, OSError, ValueError, SyntaxError, LookupError, EOFError,
        Image.DecompressionBombError, Image.DecompressionBombWarning,
    )  # fmt: skip
