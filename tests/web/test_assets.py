"""The files a browser fetches: ours, or vendored and unchanged; nothing from anybody else's server."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ACADEMY = Path(__file__).parents[2] / "academy"
STATIC = ACADEMY / "web" / "static"
VENDOR = STATIC / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
OUR_CSS = sorted((STATIC / "css").rglob("*.css"))
OUR_JS = sorted((STATIC / "js").rglob("*.js"))
TEMPLATES = sorted(path for path in ACADEMY.rglob("*.html") if "templates" in path.parts)

ICON_CALLS = re.compile(
    r"""\bicon\(\s*["']([a-z0-9-]+)["']|\bicon_(?:name|end)\s*=\s*["']([a-z0-9-]+)["']|["']icon["']:\s*["']([a-z0-9-]+)["']"""
)

# Icons that may stand in the sprite before a page uses them.
RESERVED = """
    activity archive arrow-down-up arrow-left arrow-up-right badge-check ban bar-chart bell bell-off book-open
    bookmark briefcase building-2 calendar calendar-check calendar-clock calendar-days chart-column chart-line
    check-check chevron-left chevron-right chevron-up chevrons-up-down circle circle-dot circle-help circle-minus
    circle-play circle-plus circle-user clipboard clipboard-check clipboard-list cog database download external-link
    eye eye-off file file-spreadsheet filter flag folder folder-open gauge git-compare globe graduation-cap
    handshake hash home hourglass id-card image inbox key-round languages laptop layout-dashboard lightbulb link
    list-checks list-filter list-ordered lock-open log-in mail-check map-pin megaphone menu message-square minus
    monitor-smartphone more-horizontal move-down move-up network paperclip pause percent phone pin play plus power
    printer qr-code quote redo-2 refresh-cw repeat rotate-ccw route save scale scroll-text send server settings
    share-2 shield-check shuffle sliders-horizontal smartphone square-check star table tag target text ticket timer
    trending-down trending-up type undo-2 unlock user user-check user-cog user-plus user-x users video wand-sparkles
    wifi-off zap
"""


def listed_files():
    return [(entry["path"], entry["sha256"]) for package in MANIFEST["packages"] for entry in package["files"]] + [
        (entry["path"], entry["sha256"]) for entry in MANIFEST["licences"]
    ]


def symbols():
    return re.findall(r'<symbol id="([a-z0-9-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8"))


def template_ids(path):
    return str(path.relative_to(ACADEMY))


@pytest.mark.parametrize(("path", "digest"), listed_files(), ids=lambda value: value[-40:])
def test_a_vendored_file_is_the_one_that_was_fetched(path, digest):
    assert hashlib.sha256((VENDOR / path).read_bytes()).hexdigest() == digest


def test_every_vendored_file_is_listed_with_its_package_and_licence():
    listed = {str((VENDOR / path).resolve()) for path, _ in listed_files()} | {
        str((VENDOR / "manifest.json").resolve())
    }
    assert {str(path.resolve()) for path in VENDOR.rglob("*") if path.is_file()} <= listed
    for package in MANIFEST["packages"]:
        assert package["name"] and package["version"] and package["licence"]
        assert (VENDOR / package["licence_text"]).read_text(encoding="utf-8").strip()


def test_the_sprite_holds_the_icons_of_its_list_in_order():
    lines = (STATIC / "icons.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    assert symbols() == wanted == sorted(set(wanted))


@pytest.mark.parametrize("path", TEMPLATES, ids=template_ids)
def test_every_icon_a_template_asks_for_is_in_the_sprite(path):
    asked = {name for match in ICON_CALLS.findall(path.read_text(encoding="utf-8")) for name in match if name}
    assert asked <= set(symbols())


def test_no_icon_is_carried_for_nothing():
    sources = "\n".join(path.read_text(encoding="utf-8") for path in [*TEMPLATES, *ACADEMY.rglob("*.py")])
    unused = {name for name in symbols() if not re.search(rf"""["']{re.escape(name)}["']""", sources)}
    assert unused <= set(RESERVED.split())


@pytest.mark.parametrize("path", [*OUR_CSS, *sorted(VENDOR.rglob("*.css"))], ids=template_ids)
def test_a_stylesheet_fetches_nothing_from_another_host(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert "@import" not in text
    fetched = re.findall(r"url\(\s*[\"']?([^\"')]+)", text)
    assert not [address for address in fetched if re.match(r"(https?:)?//", address)]


@pytest.mark.parametrize("path", [*OUR_JS, *sorted(VENDOR.rglob("*.js"))], ids=template_ids)
def test_a_script_names_no_other_host(path):
    assert not re.findall(r"https?://(?!www\.w3\.org/)[\w.-]+", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", OUR_CSS, ids=template_ids)
def test_our_stylesheets_speak_of_start_and_end_never_of_left_and_right(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    physical = re.findall(
        r"(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)\b|[{;\s](?:left|right)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)",
        text,
    )
    assert not physical


@pytest.mark.parametrize("path", OUR_CSS, ids=template_ids)
def test_files_that_a_stylesheet_names_are_there(path):
    for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", path.read_text(encoding="utf-8")):
        assert address.startswith("data:") or (path.parent / address).is_file()


@pytest.mark.parametrize("path", OUR_CSS, ids=template_ids)
def test_a_stylesheet_stays_short_enough_to_read(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 300


@pytest.mark.parametrize("path", sorted((ACADEMY / "web" / "templates").rglob("*.html")), ids=template_ids)
def test_the_frame_has_no_inline_style_handler_or_script(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("sheet", OUR_CSS, ids=lambda sheet: sheet.stem)
def test_every_block_of_a_style_sheet_is_closed(sheet):
    """A missing brace puts all that follows into the rule of a phone, and nobody is told."""
    depth = 0
    for sign in re.sub(r'/\*.*?\*/|"[^"]*"', "", sheet.read_text(), flags=re.DOTALL):
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0


def test_every_colour_and_size_that_a_style_names_is_defined():
    """A name that nothing defines makes the browser drop the whole line: a bar without its track, a list without lines."""
    styles = {path: path.read_text(encoding="utf-8") for path in OUR_CSS}
    everywhere = "".join([*styles.values(), *(path.read_text(encoding="utf-8") for path in VENDOR.rglob("*.css"))])
    defined = set(re.findall(r"(--[\w-]+)\s*:", everywhere))
    used = {(path.name, name) for path, text in styles.items() for name in re.findall(r"var\((--[\w-]+)\)", text)}
    assert [pair for pair in sorted(used) if pair[1] not in defined] == []
