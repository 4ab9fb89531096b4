"""The files that travel beside questions: pictures by the names questions call them, items of QTI as they came."""

import hashlib
import io
import posixpath
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from academy.assessment.exchange.shape import CannotTake
from academy.base.imaging import Image, troubles

FOLDER = "pictures"
LARGEST = 10_000_000
SUFFIXES: Final = {"PNG": "png", "JPEG": "jpg", "MPO": "jpg", "WEBP": "webp"}
MEDIA_TYPES: Final = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


class Album:
    """The files of an upload; `used` are the pictures that questions took, by the keys they got."""

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self.files = files or {}
        self.used: dict[str, bytes] = {}

    def picture(self, path: str) -> dict[str, Any]:
        """Return a picture as content names one, without its words. Raises CannotTake."""
        data = self.files.get(posixpath.normpath(unquote(path)))
        if data is None:
            raise CannotTake("picture_missing", name=posixpath.basename(path)[:80])
        return self.take(posixpath.basename(path)[:80], data)

    def take(self, name: str, data: bytes) -> dict[str, Any]:
        """Return a picture that is at hand as content names one, without its words. Raises CannotTake."""
        try:
            with Image.open(io.BytesIO(data)) as picture:
                suffix, size = SUFFIXES.get(picture.format or ""), picture.size
        except troubles() as broken:
            raise CannotTake("picture_broken", name=name) from broken
        if suffix is None or len(data) > LARGEST:
            raise CannotTake("picture_broken", name=name)
        key = f"{hashlib.sha256(data).hexdigest()[:32]}.{suffix}"
        self.used[key] = data
        return {"key": key, "width": size[0], "height": size[1]}

    def text(self, path: str) -> str:
        """Return a text file. Raises CannotTake."""
        try:
            return self.files[posixpath.normpath(path)].decode("utf-8")
        except (KeyError, UnicodeDecodeError) as error:
            raise CannotTake("file_missing", name=posixpath.basename(path)[:80]) from error


def picture_path(content: Mapping[str, Any]) -> str:
    """Return where the picture of a question lies in a package."""
    return f"{FOLDER}/{content['image']['key']}"


def media_type(content: Mapping[str, Any]) -> str:
    """Return the media type of the picture of a question."""
    return MEDIA_TYPES[content["image"]["key"].rpartition(".")[2]]
