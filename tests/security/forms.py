"""Finding the forms of the academy as its visitors find them: by opening pages and reading their fields."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

import lxml.html
from flask import Flask
from lxml.etree import XPath

from tests.security.addresses import addresses
from tests.security.scene import Scene

TEXT_TYPES = {None, "text", "search", "email", "tel", "url", "password", "number"}
# What a form refuses unless it looks like this; the name of the field decides.
FITTING = {
    r"^email$": "fitting@example.test",
    r"due_on|^starts_on$|^ends_on$": "2030-01-01",
    r"^deputy$": None,
    r"^seats$|^opens_on$|^closes_on$|^answer_days$": None,
    r"contact_email|valid_until|^manager$|mobile|joined_on|^colour$|validity_months|^key$|^code$": None,
    r"observed_on|issued_on|^as_of$": "2026-01-01",
    r"^value$|^average$|^margin$": "5",
    r"minutes|hours|attempts|pass_percent": "5",
    r"points|difficulty|tolerance|^tries$|-count$": "1",
    r"^(opens|closes)_|^cooling$|^grace_seconds$|^try_penalty$|^floors$|^addresses$|^blueprint$|-tags$": None,
    r"^answer$|^a\d+$": None,
    r"^allowed$|^exam_keys$|^quit_password$|^retention_years$": None,
}


@dataclass
class FoundForm:
    """A form as a browser has it: where it was found, where it is sent, its values, which of them are typed."""

    endpoint: str
    page: str
    action: str
    values: dict[str, str | list[str]]
    typed: list[str]
    passwords: list[str]

    @property
    def shape(self) -> tuple[str, ...]:
        """Where it is sent and what it asks, whatever it is about."""
        return self.endpoint, *sorted({re.sub(r"\d+", "n", name) for name in self.values})

    def filled(self, text: str, *, only_free: bool) -> tuple[dict[str, str | list[str]], list[str]]:
        """The values with the text typed into every text field, or only where any text fits; and into which."""
        values, into = dict(self.values), []
        for name in self.typed:
            fitting = next((value for pattern, value in FITTING.items() if re.search(pattern, name)), "any")
            if only_free and fitting != "any":
                values[name] = values[name] or fitting or ""
            elif not (only_free and name in self.passwords) and (len(text) < 10_000 or not into):
                values[name] = text  # an enormous one only once: together they would be too large for any form
                into.append(name)
        return values, into


forms_in = XPath("//form[@method='post']")
_controls, _options = XPath(".//*[@name]"), XPath(".//option")


def page_of(response):
    """The tree of a page, without NUL; lxml reads it many times faster than what tells a page's words."""
    body = response.get_data().replace(b"\0", b"")
    return lxml.html.document_fromstring(body, parser=lxml.html.HTMLParser(encoding="utf-8"))


def read(form) -> tuple[dict[str, str], list[str], list[str]]:
    """The values a browser would send, the names that are typed, and which of these are passwords."""
    values, typed, passwords = {}, [], []
    for control in _controls(form):
        tag, name, kind = control.tag, control.get("name"), control.get("type")
        if tag == "button" or kind in ("submit", "file") or name == "csrf_token":
            continue
        if kind in ("checkbox", "radio"):
            checked = "checked" in control.attrib
            if checked and kind == "checkbox" and name in values:
                held = [values[name]] if isinstance(values[name], str) else values[name]
                values[name] = [*held, control.get("value")]
            elif checked or (kind == "radio" and name not in values):
                values[name] = control.get("value", "on")
        elif tag == "select":
            every = _options(control)
            chosen = [each for each in every if "selected" in each.attrib]
            options = chosen or [each for each in every if each.get("value") not in ("", "0")]
            values[name] = options[0].get("value", "") if options else ""
        else:
            values[name] = control.get("value", "") if tag != "textarea" else _written(control)
            if tag == "textarea" or (tag == "input" and kind in TEXT_TYPES):
                typed.append(name)
                passwords += [name] if kind == "password" else []
    return values, typed, passwords


def _written(textarea) -> str:
    return "".join(textarea.itertext()).removeprefix("\r").removeprefix("\n")


def _pages_of_a(app: Flask, scene: Scene, most: int) -> Iterator[str]:
    """Yield the addresses of everybody's pages, and of so many things of each kind in house A."""
    counted: Counter[str] = Counter()
    for each in addresses(app, scene, "GET"):
        counted[each.rule.rule] += each.owner == "a"
        if each.owner == "" or (each.owner == "a" and counted[each.rule.rule] <= most):
            yield each.path


def forms_of(app: Flask, scene: Scene, browser, more: tuple[str, ...] = (), most: int = 1000) -> list[FoundForm]:
    """Every different form with something to type that a visitor finds in house A, at so many things of each kind."""
    found: dict[tuple, FoundForm] = {}
    urls = app.url_map.bind("localhost")
    for path in [*more, *_pages_of_a(app, scene, most)]:
        if path == "/_components":
            continue  # a sample of forms that lead nowhere
        response = browser.client.get(path)
        if response.status_code != 200 or response.mimetype != "text/html":
            continue
        for element in forms_in(page_of(response)):
            values, typed, passwords = read(element)
            action = urldefrag(element.get("action"))[0] or path
            endpoint = urls.match(urlsplit(action).path, method="POST")[0]
            form = FoundForm(endpoint, path, action, values, typed, passwords)
            if typed:
                found.setdefault(form.shape, form)
    return list(found.values())
