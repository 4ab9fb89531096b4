"""P7: hostile files at every place that takes one: a clear sentence, nothing kept; what is kept is served so that it cannot run.

R34 (names in NFC and NFD), R38 (nothing of 0 bytes), ASVS 5.2.1, 5.2.2, 5.3.1, 5.3.2, 5.4.1, 5.4.2, 1.3.4, 3.2.1.
"""

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from urllib.parse import unquote

import pytest
from PIL import Image, PngImagePlugin
from sqlalchemy import func, select

from academy.accounts.models import Academy, ImportPlan
from academy.base import clock, storage
from academy.base.db import db
from academy.base.spreadsheets import write_xlsx
from academy.base.storage import StoredFile
from academy.catalogue.models import Activity, CourseVersion
from tests.conftest import Page
from tests.security.conftest import undone
from tests.security.forms import forms_in, page_of, read

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.domain)</script>"


def picture(format: str = "PNG", size=(40, 30), **how) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, format, **how)
    return out.getvalue()


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def pixel_bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def office(kind: str = "word", **more: bytes) -> bytes:
    return archive(**{"[Content_Types].xml": b"<Types/>", f"{kind}__document.xml": b"<x/>", **more})


NEVER = {
    "picture.svg": SVG,
    "renamed.svg.png": SVG,
    "page.html": HTML,
    "page.png": HTML,
    "page.pdf": HTML,
    "page.jpg": HTML,
    "page.mp3": HTML,
    "page.mp4": HTML,
    "page.docx": HTML,
    "page.xhtml": HTML,
    "script.js": b"alert(1)",
    "program.exe": b"MZ\x90\0",
    "empty.png": b"",
    "empty.pdf": b"",
    "archive.docx": archive(**{"evil.html": HTML}),
    "archive.xlsx": office("word"),
    "macro.docx": office("word", word__vbaProject=b"x", **{"word__vbaProject.bin": b"x"}),
    "cut.png": picture()[:60],
    "cut.jpg": picture("JPEG")[:100],
    "bomb.png": pixel_bomb(60_000, 60_000),
    "wide.png": pixel_bomb(8_000, 6_000),
    "binary.txt": b"a\0b",
    "binary.csv": b"\0\0\0",
    "noextension": HTML,
    ".htaccess": b"Options +ExecCGI",
    "double.png.php": picture(),
    "\u202egnp.exe": b"MZ",
    "archive.zip": archive(**{"a.txt": b"x"}),
    "picture.ico": picture("ICO"),
    "picture.bmp": picture("BMP"),
    "bmp.png": picture("BMP"),
    "tiff.png": picture("TIFF"),
}  # fmt: skip


def kept() -> tuple[int, int]:
    """How many files have a row, and how many lie in the store."""
    files = sum(len(batch) for batch in storage._store.list())
    return db.session.scalar(select(func.count(StoredFile.id))), files


class Place:
    """One place that takes files."""

    def __init__(self, scene, entered, name: str) -> None:
        self.name, house = name, scene["a"]
        self.browser = entered(scene.root if name == "logo" else house.trainer)
        course = f"/teach/{house.course.key}"
        draft = (
            select(Activity)
            .join(CourseVersion, CourseVersion.id == Activity.version_id)
            .where(CourseVersion.course_id == house.course.id, CourseVersion.state == "draft")
        )
        by_kind = {row.kind: row for row in db.session.scalars(draft)}
        self.lesson, self.file = by_kind["lesson"], by_kind["file"]
        self.paths = {
            "file": f"{course}/activities/{self.file.key}",
            "picture": f"{course}/activities/{self.lesson.key}",
            "picture by script": f"{course}/images",
            "logo": "/admin/settings",
        }

    def send(self, filename: str, data: bytes):
        """Upload a file as the form of this place does."""
        path, token = self.paths[self.name], self.browser.csrf_token()
        values = {"csrf_token": token}
        if "script" not in self.name:
            found = forms_in(page_of(self.browser.client.get(path)))
            values |= read(next(form for form in found if form.xpath(".//*[@type='file']")))[0]
        part = (io.BytesIO(data), filename)
        if self.name == "file":
            values |= {"file": part}
        elif self.name == "logo":
            values |= {"logo": part}
        else:
            values |= {"image": part, "image_alt": "وصف", "act": "insert", "image_language": "ar"}
        headers = {"Accept": "application/json"} if "script" in self.name else {}
        return self.browser.client.post(
            path, data=values | {"csrf_token": token}, content_type="multipart/form-data", headers=headers
        )


PLACES = ["file", "picture", "picture by script", "logo"]


@pytest.mark.parametrize("place", PLACES)
def test_hostile_files_are_refused_with_a_sentence_and_leave_nothing(place, scene, stage, entered):
    with undone(stage):
        here, before, taken = Place(scene, entered, place), kept(), []
        for name, data in NEVER.items():
            response = here.send(name, data)
            assert response.status_code < 500, name
            refused = response.status_code == 422 or (place == "picture" and response.status_code == 200)
            said = Page(response.get_data(as_text=True)).select(".error") if response.mimetype == "text/html" else "x"
            nothing_sent = not data and place == "logo"
            if (not refused or not said) and not nothing_sent:
                taken.append((name, response.status_code))
        assert taken == []
        assert kept() == before


def test_too_large_a_file_is_refused_whatever_it_says_of_its_size(scene, stage, entered):
    limit = stage.extensions["settings"].upload_megabytes * 1_000_000
    with undone(stage):
        here, before = Place(scene, entered, "file"), kept()
        for over in (10, 2_000_000):
            refused = here.send("large.txt", b"x" * (limit + over))
            assert refused.status_code == 422 and Page(refused.get_data(as_text=True)).select(".field .error")
        assert here.send("larger.txt", b"x" * (3 * limit + 2_000_000)).status_code == 413
        path = here.paths["file"]
        headers = {"Content-Length": "5"}
        assert (
            here.browser.client.post(
                path, data=b"x" * 2_000_000, headers=headers, content_type="multipart/form-data; boundary=x"
            ).status_code
            < 500
        )
        assert kept() == before


NAMES = {
    "../../etc/passwd.txt": "passwd.txt",
    "..\\..\\windows\\system.txt": None,
    "/absolute.txt": "absolute.txt",
    "a\x00b.txt": "ab.txt",
    "a\r\nSet-Cookie: x=y.txt": None,
    'quote".txt': None,
    "semi;colon=x.txt": "semi;colon=x.txt",
    "\u202etxt.exe.txt": "txt.exe.txt",
    "<b>live</b>.txt": "b>.txt",
    "حقيبة المتدرّب إصدار ٢.txt": "حقيبة المتدرّب إصدار ٢.txt",
    unicodedata.normalize("NFD", "إلى المسؤول.txt"): "إلى المسؤول.txt",
    "x" * 300 + ".txt": None,
    ".txt": None,
}


@pytest.mark.parametrize("name", NAMES)
def test_a_files_name_is_only_a_label(name, scene, stage, entered):
    """R34: both forms of an Arabic name download alike; no path, no header, no direction trick."""
    with undone(stage):
        here, before = Place(scene, entered, "file"), kept()
        response = here.send(name, "نص".encode())
        assert response.status_code in (302, 422), response.status_code
        if kept() == before:
            assert NAMES[name] is None or "\x00" in name
            return
        row = db.session.scalar(select(StoredFile).order_by(StoredFile.id.desc()))
        assert re.fullmatch(r"[\w-]{30,}\.txt", row.key), "the name in the store is ours"
        assert len(row.name) <= 200 and not set(row.name) & set("/\\\r\n\x00\u202e")
        answer = here.browser.client.get(row.address)
        disposition = answer.headers["Content-Disposition"]
        assert answer.status_code == 200 and answer.data == "نص".encode()
        assert disposition.startswith("attachment") and "\n" not in disposition and "/" not in unquote(disposition)
        if NAMES[name]:
            assert unicodedata.normalize("NFC", NAMES[name]) == row.name
            assert quoted_name(disposition) == row.name


def quoted_name(disposition: str) -> str:
    """The file name that a browser takes from the header."""
    extended = re.search(r"filename\*=UTF-8''([^;]+)", disposition)
    if extended:
        return unquote(extended[1])
    plain = re.search(r'filename="((?:[^"\\]|\\.)*)"|filename=([^;]+)', disposition)
    return re.sub(r"\\(.)", r"\1", plain[1] or plain[2])


SERVED = {
    "notes.txt": b"<script>alert(1)</script>",
    "table.csv": HTML,
    "paper.pdf": b"%PDF-1.7\n<script>alert(1)</script>",
    "letter.docx": office("word"),
    "slides.pptx": office("ppt"),
    "sheet.xlsx": office("xl"),
    "sound.mp3": b"ID3\x04\0\0" + HTML,
    "film.mp4": b"\0\0\0\x18ftypmp42" + HTML,
    "picture.png": picture(),
    "both.png": picture() + HTML,
}


@pytest.mark.parametrize("name", SERVED)
def test_what_is_kept_is_served_so_that_it_cannot_run_and_not_to_strangers(name, scene, stage, entered):
    with undone(stage):
        here = Place(scene, entered, "file")
        assert here.send(name, SERVED[name]).status_code == 302
        row = db.session.scalar(select(StoredFile).order_by(StoredFile.id.desc()))
        answer = here.browser.client.get(row.address)
        policy = answer.headers["Content-Security-Policy"]
        assert "sandbox" in policy and "default-src 'none'" in policy and "allow-scripts" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert (
            "html" not in answer.content_type and "svg" not in answer.content_type and "xml;" not in answer.content_type
        )
        assert answer.headers["Cache-Control"].startswith("private")
        in_place = answer.mimetype.startswith(("image/", "video/", "audio/")) or answer.mimetype == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("inline" if in_place else "attachment")
        for who in (None, scene["b"].learner, scene["b"].administrator, scene["c"].trainer):
            assert entered(who).client.get(row.address).status_code == 404
        assert entered(scene["a"].learner).client.get(row.address).status_code == 200
        assert HTML not in answer.data or not name.endswith("png"), "a picture is drawn anew"


@pytest.mark.parametrize("place", ["file", "picture", "picture by script", "logo"])
def test_pictures_lose_what_they_tell_of_people_and_keep_how_they_look(place, scene, stage, entered):
    """Where and when, comments and hidden texts are dropped; a phone's picture still stands upright."""
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "EXIFCANARY description", 6
    exif.get_ifd(0x8825)[1] = "N"
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "EXIFCANARY author")
    notes.add_itxt("XML:com.adobe.xmp", "EXIFCANARY xmp")
    with undone(stage):
        here = Place(scene, entered, place)
        for name, data in {
            "phone.jpg": picture("JPEG", exif=exif, comment=b"EXIFCANARY comment"),
            "drawn.png": picture("PNG", pnginfo=notes, exif=exif),
            "modern.webp": picture("WEBP", exif=exif, xmp=b"EXIFCANARY xmp"),
            "old.gif": picture("GIF", comment=b"EXIFCANARY comment"),
        }.items():  # fmt: skip
            assert here.send(name, data).status_code in (200, 302), name
            row = db.session.scalar(select(StoredFile).order_by(StoredFile.id.desc()))
            served = here.browser.client.get(row.address)
            assert row.name == name and b"EXIFCANARY" not in served.data and b"Exif\0" not in served.data
            with Image.open(io.BytesIO(served.data)) as shown:
                assert not shown.getexif() and shown.size == ((40, 30) if name == "old.gif" else (30, 40)), name


def test_the_logo_is_everybodys_and_a_refused_one_leaves_the_old_one(scene, stage, entered):
    with undone(stage):
        here = Place(scene, entered, "logo")
        assert here.send("logo.png", picture()).status_code == 302
        key = db.session.scalar(select(Academy.logo_key))
        assert entered(None).client.get(f"/files/{key}").status_code == 200
        for name in ("picture.svg", "page.png", "bomb.png"):
            assert here.send(name, NEVER[name]).status_code == 422
        assert db.session.scalar(select(Academy.logo_key)) == key


# --- Files of people ------------------------------------------------------------------------------------


def bomb() -> bytes:
    """A small file of 150 MB, packed by the test that sends it: it takes long."""
    return archive(**{"[Content_Types].xml": b"<Types/>", "xl__workbook.xml": b"\0" * 150_000_000})


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>'
ROW = "email,name_ar,name_en\nnew.person@example.test,محمد العتيبي,Mohammed\n"
UNREADABLE = {
    "bomb.xlsx": bomb,
    "laughs.xlsx": archive(**{"[Content_Types].xml": b"<Types/>", "xl__worksheets__sheet1.xml": LAUGHS}),
    "renamed.xlsx": HTML,
    "renamed.csv": HTML,
    "svg.csv": SVG,
    "picture.csv": picture(),
    "pdf.csv": b"%PDF-1.7",
    "empty.csv": b"",
    "spaces.csv": b" \r\n ",
    "nul.csv": b"email\0,name\n",
    "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "broken.xlsx": b"PK\x03\x04broken",
    "cut-utf16.csv": b"\xff\xfe" + "email,name".encode("utf-16-le") + b"x",
    "columns.csv": ",".join(f"c{n}" for n in range(500)).encode(),
    "no-email.csv": "اسم,هاتف\nx,y\n".encode(),
}


def import_file(browser, scene, name: str, data: bytes):
    values = {
        "organisation_id": str(scene["a"].organisation.id),
        "file": (io.BytesIO(data), name),
        "csrf_token": browser.csrf_token(),
    }
    return browser.client.post("/admin/people/import", data=values, content_type="multipart/form-data")


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_hostile_file_of_people_is_refused_with_a_reason(name, scene, stage, entered):
    with undone(stage):
        browser = entered(scene["a"].administrator)
        before = db.session.scalar(select(func.count(ImportPlan.id)))
        data = UNREADABLE[name]() if callable(UNREADABLE[name]) else UNREADABLE[name]
        response = import_file(browser, scene, name, data)
        page = Page(response.get_data(as_text=True))
        assert response.status_code == 422 and page.select(".error")
        assert db.session.scalar(select(func.count(ImportPlan.id))) == before


READABLE = {
    "utf8.csv": ROW.encode(),
    "bom.csv": b"\xef\xbb\xbf" + ROW.encode(),
    "utf16.csv": ROW.encode("utf-16"),
    "utf16be.csv": b"\xfe\xff" + ROW.encode("utf-16-be"),
    "cp1256.csv": ROW.encode("cp1256"),
    "semicolons.csv": ROW.replace(",", ";").encode(),
    "tabs.tsv": ROW.replace(",", "\t").encode(),
    "windows.csv": ROW.replace("\n", "\r\n").encode(),
    "صيغة NFD.csv": unicodedata.normalize("NFD", ROW).encode(),
    "book.xlsx": None,
}


@pytest.mark.parametrize("name", READABLE)
def test_a_sound_file_of_people_is_read_alike_in_every_encoding(name, scene, stage, entered):
    data = READABLE[name] or write_xlsx(
        *[ROW.split("\n")[0].split(","), [ROW.split("\n")[1].split(",")]], sheet="x", right_to_left=True
    )
    with undone(stage):
        browser = entered(scene["a"].administrator)
        response = import_file(browser, scene, name, data)
        assert response.status_code == 302
        assert "محمد العتيبي" in browser.get(response.headers["Location"]).words


def test_formulas_and_markup_in_a_file_of_people_stay_text_in_preview_and_in_every_export(scene, stage, entered):
    """ASVS 1.2.10."""
    rows = 'email,name_ar\nevil@example.test,"=HYPERLINK(""http://evil.example"",""x"")"\nother@example.test,<b>زهرة</b><script>alert(1)</script>\n'
    with undone(stage):
        browser = entered(scene["a"].administrator)
        page = browser.get(import_file(browser, scene, "evil.csv", rows.encode()).headers["Location"])
        assert not [tag for tag in page.select("b") if tag.get_text() == "زهرة"]
        digest = page.select_one("[name=digest]")["value"]
        browser.post(page.select_one("form[action$=apply]")["action"], {"digest": digest})
        text = browser.client.get("/admin/audit.csv").get_data(as_text=True)
        assert "HYPERLINK" in text
        cells = re.findall(r'(?:^|,)"?([^,"]*)', text, re.MULTILINE)
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_a_file_whose_bytes_are_gone_is_a_page_not_a_fault(scene, stage, entered):
    """R38, R39: a row without its file."""
    with undone(stage):
        row = storage.keep(storage.check(b"x", "gone.txt", most=10), at=clock.now(), by=None, audience="public")
        db.session.commit()
        storage._store.delete(row.key)
        assert entered(None).client.get(row.address).status_code == 404
