"""What every template knows without being told."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g, get_flashed_messages, request
from wtforms import Field

from academy.base.i18n import LANGUAGE_NAMES, _, current_language, direction, settle_language
from academy.base.text import initials
from academy.config import Settings
from academy.web import drawing, headers, identity
from academy.web.access import locked_from_me, locked_page, may, only_reads, safe_next, shut
from academy.web.addresses import address_of, addresses_of
from academy.web.assets import asset_url
from academy.web.filters import digits
from academy.web.navigation import menu


class Me:
    """The signed-in person as the layout shows them."""

    def __init__(self) -> None:
        actor = identity.actor()
        self.actor = actor
        self.id = actor.person_id
        self.name = actor.name.show(current_language())
        self.initials = initials(self.name)
        self.roles = actor.roles
        self.organisation = actor.organisation
        self.memberships = identity.sources.memberships(actor)


def _here() -> str:
    """Return the address of the page that is looked at; an answer to a form is looked at where the form was."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    came = urlsplit(request.referrer or "")
    before = came.path + (f"?{came.query}" if came.query else "") if came.netloc == request.host else ""
    return safe_next(before, address_of("home.start"))


def file_words() -> dict[str, str]:
    """Return what stands on a file field, as its attributes: browsers write on it in a language of their own."""
    return {"data-choose": _("Choose file"), "data-none": _("No file chosen")}


def lost_file(field: Field) -> bool:
    """Whether a file was sent in a form that was refused for something else: no page can put it back into its field."""
    if getattr(field.widget, "input_type", "") != "file" or field.errors or not g.get("form_refused", False):
        return False
    given = field.data if isinstance(field.data, list) else [field.data]
    return any(getattr(one, "filename", "") for one in given)


def install(app: Flask, settings: Settings) -> None:
    """Give templates their globals and the context of the request."""
    app.jinja_env.globals.update(asset_url=asset_url, may=may, menu=menu, LANGUAGE_NAMES=LANGUAGE_NAMES)
    app.jinja_env.globals.update(
        only_reads=only_reads, shut=shut, locked_page=locked_page, locked_from_me=locked_from_me
    )
    app.jinja_env.globals.update(draw_icon=drawing.icon, draw_cover=drawing.cover, chart_steps=drawing.chart_steps)
    app.jinja_env.globals.update(url_for=address_of, addresses_of=addresses_of)
    app.jinja_env.globals.update(file_words=file_words, lost_file=lost_file)

    @app.teardown_request
    def forget_language(_error: BaseException | None) -> None:
        settle_language(None)

    @app.context_processor
    def context() -> dict[str, Any]:
        visitor, language = identity.current_actor(), current_language()
        settle_language(language)
        return {
            "lang": language,
            "direction": direction(language),
            "reader_digits": digits(),
            "academy": identity.academy(),
            "me": Me() if visitor else None,
            "navigation": menu("main"),
            "user_menu": menu("user"),
            "unread_count": identity.unread(),
            "notices_url": address_of("notices.mine") if visitor else "",
            "search_url": address_of("learning.catalogue"),
            "sign_in_url": address_of("accounts.sign_in"),
            "sign_out_url": address_of("accounts.sign_out"),
            "csp_nonce": headers.nonce(),
            "language_switch_url": address_of("accounts.switch_language"),
            "here": (here := _here()),
            "page_address": here,  # for the layout: pages give words of their own called "here"
            "flashes": get_flashed_messages(with_categories=True),
            "demo": settings.demo,
            "form_refused": g.get("form_refused", False),
        }
