"""Files, kept in a folder or an S3-compatible store.

Those that people upload are checked, named by us and known by a row each. Those that the academy makes itself and can
make again at any time have no row: they are sealed, so that one that was altered or cut short counts as lost.
"""

import hashlib
import hmac
import io
import logging
import re
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, exists, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from academy.base import ids
from academy.base.db import Model, db
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.base.imaging import MOST_PIXELS, Image, ImageOps, troubles
from academy.base.text import clean_line

log = logging.getLogger("academy.storage")
TROUBLE = (BaseError, OSError)
# A store that does not answer must not hold a reader for the minutes that the library would go on trying.
PATIENCE = {"max_retries": 3, "retry_timeout": timedelta(seconds=10)}
LIMITS = {"connect_timeout": "3s", "timeout": "30s"}
SEAL_BYTES = 32

IMAGES = {
    "PNG": ("png", "image/png"),
    "JPEG": ("jpg", "image/jpeg"),
    "MPO": ("jpg", "image/jpeg"),  # what some phones call a JPEG
    "WEBP": ("webp", "image/webp"),
    "GIF": ("png", "image/png"),
}
DOCUMENTS = {
    "pdf": ("application/pdf", b"%PDF-"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", b"PK\x03\x04"),
    "mp4": ("video/mp4", b""),
    "mp3": ("audio/mpeg", b""),
    "txt": ("text/plain; charset=utf-8", b""),
    "csv": ("text/csv; charset=utf-8", b""),
}
RECORDINGS = {
    "webm": ("audio/webm", b"\x1aE\xdf\xa3"),
    "ogg": ("audio/ogg", b"OggS"),
    "m4a": ("audio/mp4", b""),
    "wav": ("audio/wav", b"RIFF"),
}
PARTS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_MP3 = re.compile(rb"ID3|\xff[\xe2-\xff]")
PICTURES = frozenset({"png", "jpg", "jpeg", "webp", "gif"})
PAPERS = PICTURES | {"pdf", "docx", "xlsx", "pptx"}
_MP4_PICTURES = re.compile(rb"hdlr.{8}vide", re.DOTALL)
_WEBM_PICTURES = re.compile(rb"\x86.V_(?:VP|AV|MPEG)", re.DOTALL)  # the codec of a track, which stands before the sound
_HEAD = 65_536


class FileRefused(Invalid):
    """An upload that the academy does not take."""


class StoredFile(Model):
    """One kept file. Its public name is random; its bytes never change. One for "nobody" is served by its owner's pages only.

    It belongs to a course, or to the question bank of an organisation, or to neither, but never to both.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("audience IN ('public', 'signed_in', 'nobody')", name="known_audience"),
        CheckConstraint("course_id IS NULL OR organisation_id IS NULL", name="one_owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    audience: Mapped[str] = mapped_column(String(12), default="signed_in")
    course_id: Mapped[int | None] = mapped_column(index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    uploaded_by_id: Mapped[int | None]
    uploaded_at: Mapped[datetime]

    @property
    def is_image(self) -> bool:
        """Whether browsers may show it in place."""
        return self.media_type.startswith("image/")

    @property
    def address(self) -> str:
        """The path under which the academy serves it."""
        return f"/files/{self.key}"


@dataclass(frozen=True, slots=True)
class Upload:
    """A checked upload: what will be stored."""

    data: bytes
    name: str
    extension: str
    media_type: str


_store: Any = None
_sealed_with = b""


def open_store(address: str | None, folder: str, secret: str) -> None:
    """Choose where files go: an object store's address, else the given folder; and with what made ones are sealed."""
    global _store, _sealed_with
    if address:
        _store = from_url(address, retry_config=PATIENCE, client_options=LIMITS)
    else:
        _store = LocalStore(prefix=folder, mkdir=True)
    _sealed_with = hashlib.sha256(f"made files: {secret}".encode()).digest()


def check(data: bytes, filename: str, *, most: int, recordings: bool = False) -> Upload:
    """Check an upload's size, kind and content; pictures are drawn anew, which drops anything hidden in them.

    `recordings`: also what browsers and telephones record. Whether it is sound or video is told by its content.
    """
    name = clean_line(PurePosixPath(filename.replace("\\", "/")).name)[-200:] or "file"
    if not data:
        raise FileRefused(_l("The file is empty. Choose another one."))
    if len(data) > most:
        raise FileRefused(_l("The file is too large. The limit is %(limit)s MB."), limit=most // 1_000_000)
    extension = PurePosixPath(name).suffix.lower().lstrip(".")
    if extension in PICTURES:
        return _redraw(data, name)
    kinds = {**DOCUMENTS, **RECORDINGS} if recordings else DOCUMENTS
    if extension not in kinds:
        raise FileRefused(_l("Files of this kind are not accepted. Use an image, PDF, Office, text, MP3 or MP4 file."))
    media_type, start = kinds[extension]
    if not (data.startswith(start) and _looks_like(extension, data)):
        raise FileRefused(_l("The content of this file does not match its name."))
    if extension == "webm" and _WEBM_PICTURES.search(data[:_HEAD]):
        media_type = "video/webm"
    return Upload(data, name, extension, media_type)


def check_paper(data: bytes, filename: str, *, most: int) -> Upload:
    """Check an upload that has to be a PDF, an Office file or a picture, as `check` does; anything else is refused."""
    if PurePosixPath(filename).suffix.lower().lstrip(".") not in PAPERS:
        raise FileRefused(_l("Choose a PDF, an Office file or a picture."))
    return check(data, filename, most=most)


def check_picture(data: bytes, filename: str, *, most: int) -> Upload:
    """Check an upload that has to be a picture, as `check` does; anything else is refused."""
    if PurePosixPath(filename).suffix.lower().lstrip(".") not in PICTURES:
        raise FileRefused(_l("Choose a picture: PNG, JPEG, WebP or GIF."))
    return check(data, filename, most=most)


def _looks_like(extension: str, data: bytes) -> bool:
    """Whether the content is what the name says, as far as its beginning, or an archive's list, can tell."""
    if extension in PARTS:
        return _is_office(data, PARTS[extension])
    if extension == "mp4":
        return data[4:8] == b"ftyp"
    if extension == "m4a":
        return data[4:8] == b"ftyp" and _MP4_PICTURES.search(data) is None
    if extension == "webm":
        return b"webm" in data[:64]
    if extension == "wav":
        return data[8:12] == b"WAVE"
    if extension == "ogg":
        return b"\x80theora" not in data[:_HEAD]
    if extension == "mp3":
        return _MP3.match(data) is not None
    return extension == "pdf" or b"\0" not in data


def _is_office(data: bytes, folder: str) -> bool:
    """Whether an archive is an Office document of its kind, without programs in it. Nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    has_programs = any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js")) for name in names)
    return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names) and not has_programs


def _redraw(data: bytes, name: str) -> Upload:
    try:
        return _redrawn(data, name)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as vast:
        raise _too_many_pixels() from vast
    except troubles() as broken:
        raise FileRefused(_l("This picture cannot be read. Save it again as PNG or JPEG.")) from broken


def _too_many_pixels() -> FileRefused:
    """The refusal of a picture that is too wide and high, however small its file is."""
    return FileRefused(
        _l(
            "The picture has too many pixels: %(most)s million at most (width times height). Make it smaller and try again."
        ),
        most=MOST_PIXELS // 1_000_000,
    )


def _redrawn(data: bytes, name: str) -> Upload:
    """Draw a picture anew, the right way up and without its notes: where and when it was taken, comments, more pictures."""
    with Image.open(io.BytesIO(data)) as picture:
        kind = picture.format or ""
        if kind not in IMAGES:
            raise FileRefused(_l("This picture cannot be read. Save it again as PNG or JPEG."))
        if picture.width * picture.height > MOST_PIXELS:
            raise _too_many_pixels()
        picture.load()
        extension, media_type = IMAGES[kind]
        clean = ImageOps.exif_transpose(picture)
        if media_type == "image/jpeg":
            clean = clean.convert("RGB")
        clean.info = {kept: value for kept, value in clean.info.items() if kept in ("transparency", "icc_profile")}
        out = io.BytesIO()
        clean.save(out, format={"MPO": "JPEG", "GIF": "PNG"}.get(kind, kind))
    return Upload(out.getvalue(), name, extension, media_type)


def keep(
    upload: Upload,
    *,
    at: datetime,
    by: int | None,
    audience: str = "signed_in",
    course_id: int | None = None,
    organisation_id: int | None = None,
) -> StoredFile:
    """Store a checked upload and its row. The bytes are written first: a row without its file cannot be."""
    key = f"{ids.random_token()}.{upload.extension}"
    obstore.put(_store, key, upload.data)
    row = StoredFile(
        key=key,
        name=upload.name,
        media_type=upload.media_type,
        size=len(upload.data),
        sha256=hashlib.sha256(upload.data).hexdigest(),
        audience=audience,
        course_id=course_id,
        organisation_id=organisation_id,
        uploaded_by_id=by,
        uploaded_at=at,
    )
    db.session.add(row)
    db.session.flush()
    return row


def find(key: str) -> StoredFile | None:
    """Return the row of a file by its public name."""
    return db.session.scalar(select(StoredFile).where(StoredFile.key == key))


def read(row: StoredFile) -> bytes:
    """Return the bytes of a kept file."""
    return bytes(obstore.get(_store, row.key).bytes())


def size_of_picture(row: StoredFile) -> tuple[int, int]:
    """Return the width and height of a kept picture in pixels."""
    with Image.open(io.BytesIO(read(row))) as picture:
        return int(picture.width), int(picture.height)


def keep_made(name: str, data: bytes) -> None:
    """Keep something the academy has made under a name of its own choice; raises one of TROUBLE when it cannot be kept."""
    obstore.put(_store, f"made/{name}", _seal(name, data) + data)


def made(name: str) -> bytes | None:
    """Return what `keep_made` kept, byte for byte; None when it is not there or not whole. Raises one of TROUBLE."""
    try:
        raw = bytes(obstore.get(_store, f"made/{name}").bytes())
    except FileNotFoundError:
        return None
    seal, data = raw[:SEAL_BYTES], raw[SEAL_BYTES:]
    if not hmac.compare_digest(seal, _seal(name, data)):
        log.error("%s in the store is not what was kept there", name)
        return None
    return data


def forget_made(name: str) -> None:
    """Delete what `keep_made` kept; nothing there is as good. Raises one of TROUBLE."""
    _delete(f"made/{name}")


def drop(row: StoredFile) -> None:
    """Delete the row of a file; its bytes go by `forget_bytes` once that is committed, so that no row is without its file."""
    db.session.delete(row)
    db.session.flush()


def is_referred_to(file_id: int) -> bool:
    """Whether any row of any table refers to a file."""
    columns = [
        key.parent
        for table in Model.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table is StoredFile.__table__
    ]
    return bool(db.session.scalar(select(or_(*(exists().where(column == file_id) for column in columns)))))


def forget_bytes(key: str) -> None:
    """Delete the bytes of a file that no row knows any more; those of one that has a row stay. Raises one of TROUBLE."""
    if find(key) is None:
        _delete(key)


def _delete(path: str) -> None:
    with suppress(FileNotFoundError):
        obstore.delete(_store, path)


def _seal(name: str, data: bytes) -> bytes:
    """Return what only we can make of this content under this name: neither can be exchanged unnoticed."""
    return hmac.digest(_sealed_with, hashlib.sha256(name.encode()).digest() + data, "sha256")
