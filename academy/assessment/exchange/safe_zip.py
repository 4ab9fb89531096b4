"""Packages from strangers: few files, of a size that was promised, under names that stay inside."""

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from academy.assessment.exchange.shape import UnreadableQuestions

MOST_FILES = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
LARGEST_XML = 5 * 1024 * 1024
STEEPEST = 200
TABLES = (".xlsx", ".xlsm", ".csv", ".tsv")
PICTURES = (".png", ".jpg", ".jpeg", ".webp")
_ERRORS = (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, ValueError, EOFError)


def _sound_name(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return not path.is_absolute() and ".." not in path.parts and ":" not in path.parts[0] if path.parts else False


def names_in(data: bytes) -> list[str]:
    """Return the names of the files of a package; none when it cannot be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()[:MOST_FILES]
    except _ERRORS:
        return []


def files_of(data: bytes, suffixes: tuple[str, ...]) -> dict[str, bytes]:
    """Return the files of a package that end in these, by name and in its order.

    Refuses bombs, locks and names that lead outside.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _refuse(entries)
            wanted = [entry for entry in entries if entry.filename.lower().endswith(suffixes)]
            if any(entry.file_size > LARGEST_XML for entry in wanted if entry.filename.lower().endswith(".xml")):
                raise UnreadableQuestions("zip_large")
            # `read` gives at most the declared size, and fails when there is more.
            return {entry.filename.replace("\\", "/"): archive.read(entry) for entry in wanted}
    except _ERRORS as error:
        raise UnreadableQuestions("bad_zip") from error


def _refuse(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES or len({entry.filename for entry in entries}) < len(entries):
        raise UnreadableQuestions("zip_many")
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableQuestions("zip_locked")
    if not all(_sound_name(entry.filename) for entry in entries):
        raise UnreadableQuestions("zip_path")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise UnreadableQuestions("zip_large")
    if any(entry.file_size > STEEPEST * max(entry.compress_size, 1024) for entry in entries):
        raise UnreadableQuestions("zip_large")


def packed(files: dict[str, bytes]) -> bytes:
    """Return files as a package; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
