"""Finding the forms of the academy as its visitors find them: by opening pages and reading their fields."""

import re
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

from flask import Flask

from tests.conftest import Page
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


def page_of(response) -> Page:
    """A response as a page."""
    return Page(response.get_data(as_text=True))


def read(form) -> tuple[dict[str, str], list[str], list[str]]:
    """The values a browser would send, the names that are typed, and which of these are passwords."""
    values, typed, passwords = {}, [], []
    for control in form.select("[name]"):
        name, kind = control["name"], control.get("type")
        if control.name == "button" or kind in ("submit", "file") or name == "csrf_token":
            continue
        if kind in ("checkbox", "radio"):
            if control.has_attr("checked") and kind == "checkbox" and name in values:
                values[name] = [*([values[name]] if isinstance(values[name], str) else values[name]), control["value"]]
            elif control.has_attr("checked") or (kind == "radio" and name not in values):
                values[name] = control.get("value", "on")
        elif control.name == "select":
            options = control.select("option[selected]") or [
                o for o in control.select("option") if o.get("value") not in ("", "0")
            ]
            values[name] = options[0].get("value", "") if options else ""
        else:
            values[name] = (
                control.get_text().removeprefix("\r").removeprefix("\n")
                if control.name == "textarea"
                else control.get("value", "")
            )
            if control.name == "textarea" or (control.name == "input" and kind in TEXT_TYPES):
                typed.append(name)
                passwords += [name] if kind == "password" else []
    return values, typed, passwords


def forms_of(app: Flask, scene: Scene, browser, more: tuple[str, ...] = ()) -> list[FoundForm]:
    """Every different form with something to type that a visitor finds in house A."""
    found: dict[tuple, FoundForm] = {}
    urls = app.url_map.bind("localhost")
    for path in [*more, *(each.path for each in addresses(app, scene, "GET") if each.owner in ("", "a"))]:
        if path == "/_components":
            continue  # a sample of forms that lead nowhere
        response = browser.client.get(path)
        if response.status_code != 200 or response.mimetype != "text/html":
            continue
        for form in page_of(response).select("form[method=post]"):
            values, typed, passwords = read(form)
            action = urldefrag(form["action"])[0] or path
            endpoint = urls.match(urlsplit(action).path, method="POST")[0]
            key = endpoint, tuple(sorted({re.sub(r"\d+", "n", name) for name in values}))
            if typed and key not in found:
                found[key] = FoundForm(endpoint, path, action, values, typed, passwords)
    return list(found.values())
