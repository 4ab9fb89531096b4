"""The text zoo in every field of every form: kept exactly or refused at its field, never a fault, always shown as text.

Forms are found by opening the pages (`forms.py`); a new form is attacked without anybody naming it here. R33, ASVS 1.2.1.
"""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote_plus

import lxml.html
import pytest

from academy.base.text import clean_block, clean_line
from tests.conftest import DATABASE
from tests.security.addresses import addresses
from tests.security.conftest import undone, without_frame
from tests.security.forms import FoundForm, forms_in, forms_of, page_of, read
from tests.turns import ALL, turn

LIVE = '<b>زهرة</b><script>alert("zoo")</script><img src=x onerror=alert(1)>{{7*7}}${7*7}\'"&lt;'
DECOMPOSED = unicodedata.normalize("NFD", "إلى مسؤول آخر")
STRANGE = (
    "كِتَابٌ‍ مُحَــمَّد لا إله إلا " + DECOMPOSED + " ٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹"
    " \u202egnp.exe \u2066x\u2069 \u200fabc\u061c می\u200cخواهم \u200d 👨‍👩‍👧‍👦 بعد الرمز"
    ' O\'Brien "x" \\ % _ __class__ %(name)s {0} %s {name} ' + LIVE
)
ZOO = {
    "tashkeel, decomposed letters, other digits, direction tricks, a family, names, live markup": STRANGE,
    "300 letters": "ب" * 300,
    "a formula": "=1+1",
    "a lone surrogate": "a\ud800b",
    "NUL and line breaks": "a\x00b\x08c\r\nBcc: x@example.test\u2028b\x85c",
    "only spaces": " \u00a0\u200b ",
    "null": "null",
    "1e308": "1e308",
    "NaN": "NaN",
    "markdown": "[x](javascript:alert(1)) ![y](https://evil.example/p.png) <javascript:alert(1)>",
    "1 MiB": "س" + "x" * 1_048_576,
}
MIXED = (
    'كِتَابٌ مُحَــمَّد لا إله إلا \u200cمی\u200d 👨‍👩‍👧‍👦 بعد O\'Brien "x" \\ % _ ٠١٢۳ %(name)s {0} __class__ <i>&amp;</i>'
)
# What databases judge differently: a text that cannot be kept, one of every kind of sign, and a number that is none.
TO_DATABASES = {name: text for name, text in ZOO.items() if text in (STRANGE, "NaN") or not text.isprintable()}
EXACT = [MIXED, DECOMPOSED, LIVE, "=1+1"]
# The academy's administrator meets every form of trainers and of organisations' administrators.
ROLES = ["stranger", "learner", "colleague", "manager", "root"]
# Opened with the frame too, which names the academy, the person and their house on every page.
WHOLE = ("/", "/courses", "/account", "/team", "/teach", "/admin/people", "/sign-in")
# Forms that show again what they keep.
KEEPS = {
    "administration.edit_person", "administration.edit_organisation", "administration.unit", "administration.settings",
    "catalogue.details", "catalogue.unit", "catalogue.activity", "assessment.edit_rules", "assessment.edit_question",
    "assessment.edit_section",
}  # fmt: skip


@pytest.fixture(scope="module")
def forms(stage, scene):
    """Find every form that a visitor meets, once for each visitor: whatever is done to them is undone."""
    found: dict = {}

    def meet(browser, more=()):
        who = browser.person and browser.person.id
        if who not in found:
            # Who may open everything finds all forms at the first few things of a kind.
            found[who] = forms_of(stage, scene, browser, more, most=5 if who == scene.root.id else 1000)
        return found[who]

    return meet


def browser_of(scene, entered, role):
    person = None if role == "stranger" else scene.root if role == "root" else getattr(scene["a"], role)
    more = {"stranger": (f"/invitation/{scene['a'].token}",), "colleague": (f"/attempts/{scene['a'].open.id}",)}
    return entered(person), more.get(role, ())


@lru_cache
def quoted(text: str) -> str:
    """A text as a browser encodes it, once for all forms; what no encoding can carry is sent as such."""
    return quote_plus(text.encode("utf-8", "surrogatepass"))


def send(browser, form, values):
    """Send a form as a browser would."""
    fields = {**values, "csrf_token": browser.csrf_token()}
    several = [(name, [value] if isinstance(value, str) else value) for name, value in fields.items()]
    body = "&".join(f"{quoted(name)}={quoted(each)}" for name, every in several for each in every if each is not None)
    return browser.client.post(form.action, data=body, content_type="application/x-www-form-urlencoded")


def controls(page, form) -> dict[str, str]:
    """The values in the form of a page that is the one that was found; several may go to the same address."""
    shown = [read(each)[0] for each in forms_in(page) if each.get("action").split("#")[0] == form.action]
    untyped = {name: value for name, value in form.values.items() if name not in form.typed}
    return max(
        shown,
        key=lambda each: (
            len(each.keys() & form.values),
            sum(each.get(name) == value for name, value in untyped.items()),
        ),
        default={},
    )


def is_live(page) -> list[str]:
    """What of the zoo has come to life on a page."""
    found = [tag for tag in page.iter("b") if tag.text_content() == "زهرة"]
    scripts = (tag for tag in page.iter("script") if tag.get("type") != "application/json")
    found += [tag for tag in scripts if 'alert("zoo")' in tag.text_content()]
    found += page.xpath("//img[@onerror or starts-with(@src, 'http')] | //*[starts-with(@href, 'javascript:')]")
    return [lxml.html.tostring(tag, encoding="unicode")[:80] for tag in found]


TRIALS = {"assessment.try_question", "assessment.banked_try"}  # an answer is refused above it, as for a learner


@lru_cache
def tidy(text: str) -> str:
    """A text as a field may show it again: whatever was cleaned of it is no loss."""
    return " ".join(clean_block(text).split())


@lru_cache
def tidy_line(text: str) -> str:
    """The same of a field of one line."""
    return tidy(clean_line(text))


@pytest.mark.parametrize(
    "role", [pytest.param(role, marks=() if role == "root" else pytest.mark.doors) for role in ROLES]
)
def test_no_text_is_a_fault_and_what_was_typed_stays_when_it_is_refused(role, scene, stage, entered, forms, frameless):
    browser, more = browser_of(scene, entered, role)
    wrong, refused = [], 0
    mine = forms_to_try(role, forms(browser, more), forms(browser_of(scene, entered, "root")[0]))
    for place, form in enumerate(mine):
        for name, text in zoo_for(place):
            with undone(stage):
                values, into = form.filled(text, only_free=False)
                response = send(browser, form, values)
                assert response.status_code < 500, (form.action, name)
                if response.mimetype != "text/html" or response.status_code not in (200, 422):
                    continue
                page = page_of(response)
                wrong += [(form.action, name, live) for live in is_live(page)]
                if response.status_code == 422 and "\ud800" not in text and form.endpoint not in TRIALS:
                    refused += 1
                    wrong += [(form.action, name, problem) for problem in unhelpful(page, form, into, text)]
    assert wrong == []
    assert mine and refused > (100 if role == "root" and DATABASE == "sqlite" else 1 if role == "colleague" else 3)


def forms_to_try(role: str, found: list[FoundForm], of_root: list[FoundForm]) -> list[FoundForm]:
    """Leave out what the administrator meets too; the learner tries for all of them what asks for one's own password.

    A question is edited in the form it was written in.
    """
    left_out = {"assessment.edit_question", *(() if role == "learner" else ("accounts.password",))}
    met = {form.shape for form in of_root if form.endpoint != "accounts.password"}
    return [
        form for form in found if form.endpoint not in left_out and (role == "root" or ALL or form.shape not in met)
    ]


def zoo_for(place: int) -> list[tuple[str, str]]:
    """What is sent to the form at this place: the strangest text, and of the others a fifth; on PostgreSQL one of its own."""
    if DATABASE != "sqlite":
        return turn(TO_DATABASES.items(), place, len(TO_DATABASES))
    (strangest, *others) = ZOO.items()
    return [strangest, *turn(others, place, 5)]


def blamed_in(page) -> list:
    """The controls and groups of a page that say that they are wrong."""
    groups = [each for each in page.iter("fieldset") if each.get("aria-describedby", "").endswith("error")]
    return [*page.xpath("//*[@aria-invalid='true']"), *groups, *page.find_class("wrong")]


def unhelpful(page, form, into, text) -> list[str]:
    """What is wrong with a page that refuses a form: no sentence at a field, or something typed was lost."""
    found = []
    if not (blamed_in(page) and page.find_class("error")):
        found.append("no field says what is wrong with it")
    shown = controls(page, form)
    for name in into:
        if name in form.passwords:
            if shown.get(name):
                found.append(f"{name}: a password was sent back")
        elif tidy(shown.get(name, "")) not in (tidy(text), tidy_line(text)):
            found.append(f"{name}: {shown.get(name)!r:.60}")
    return found


def test_what_is_taken_is_kept_exactly(scene, stage, entered, forms, frameless):
    """R33: byte for byte after tidying; what follows an emoji is not cut."""
    browser, _more = browser_of(scene, entered, "root")
    wrong, taken = [], set()
    for form in forms(browser):
        for text in EXACT if form.endpoint in KEEPS else ():
            with undone(stage):
                values, into = form.filled(text, only_free=True)
                response = send(browser, form, values)
                assert response.status_code < 500, (form.action, text)
                if response.status_code == 302:
                    taken.add(form.endpoint)
                    shown = controls(page_of(browser.client.get(form.page)), form)
                    fits = {clean_line(text), clean_block(text)}
                    wrong += [
                        (form.action, each, shown.get(each))
                        for each in into
                        if shown.get(each) not in fits and each != "image_alt"
                    ]
    assert wrong == []
    assert taken == KEEPS


@pytest.mark.doors
def test_live_text_in_every_field_comes_to_life_nowhere(scene, stage, entered, forms):
    """Stored through every form; then every page, file and JSON is opened by everybody."""
    with undone(stage):
        taken = set()
        for role in ("manager", "root"):
            browser, more = browser_of(scene, entered, role)
            for form in forms(browser, more):
                if form.endpoint != "administration.suspend_person":
                    values, _into = form.filled(LIVE, only_free=True)
                    if send(browser, form, values).status_code == 302:
                        taken.add(form.endpoint)
        assert len(taken) > 10, taken
        alive, seen = [], 0
        for place, role in enumerate(("learner", "manager", "trainer", "stranger", "root")):
            browser, more = browser_of(scene, entered, role)
            most = 2 if ALL or role == "root" else 1
            every = [each.path for each in addresses(stage, scene, "GET", most=most) if each.owner in ("", "a")]
            if role in ("learner", "manager", "trainer"):  # the administrator opens nearly all that they can
                every = turn(every, place, 2)
            with without_frame(stage):
                for path in [*more, *every]:
                    found, shown = awake(browser, path)
                    alive, seen = alive + [(path, role, each) for each in found], seen + shown
            for path in WHOLE:
                alive += [(path, role, each) for each in awake(browser, path)[0]]
        assert alive == []
        assert seen > 20


def awake(browser, path) -> tuple[list[str], bool]:
    """What of the zoo has come to life at an address, and whether any of it is shown there."""
    response = browser.client.get(path)
    assert response.status_code < 500, path
    if response.mimetype == "text/html" and response.status_code == 200:
        page = page_of(response)
        said = page.text_content()
        return is_live(page) + (["49"] if re.search(r"49\$|\$49|49'\"", said) else []), "زهرة" in said
    if response.mimetype == "text/csv":
        lines = response.get_data(as_text=True).splitlines()
        return [line for line in lines if line.startswith(("=", "+", "@", '"='))], False
    return [], False
