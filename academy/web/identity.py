"""Who is visiting. Flask-Login keeps the cookie; the session itself lies on the server and is loaded once a request."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from flask import Flask, g, has_request_context, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import Integer, Select, bindparam, select

from academy.base import clock
from academy.base.access import Actor, Grant
from academy.base.db import db
from academy.base.i18n import DEFAULT_LANGUAGE, LANGUAGES
from academy.base.text import LocalizedText

LANGUAGE_COOKIE = "language"
UNASKED: Any = object()


class Visitor(UserMixin):
    """A signed-in browser, as Flask-Login wants it: its id is the session's token, never the person's."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        """Return the session's token."""
        return self.token


@dataclass
class Sources:
    """What the slices above lend to the web: app.py fills this in.

    `memberships`: the organisations that whoever belongs to several may enter, each with `person_id` and `organisation`.
    `tallies`: by name, the query of one number that the frame of every page shows, or None where somebody has none. It may
    look at the roles of whoever asks and whether they lead people; their id is the parameter `visitor_id`, beside `today` and `now`.
    `opens_file` is asked with the address that a file is fetched from.
    """

    actor_of: Callable[[str], Actor | None] = lambda token: None
    academy: Callable[[], Any] = lambda: None
    unread: Callable[[Actor], int] = lambda actor: 0
    memberships: Callable[[Actor], Sequence[Any]] = lambda actor: ()
    tallies: dict[str, Callable[[Actor], Any]] = field(default_factory=dict)
    opens_file: Callable[[Actor, Any, str | None], bool] = lambda actor, file, address: False


sources = Sources()
manager = LoginManager()
manager.session_protection = None


def _load(token: str) -> Visitor | None:
    actor = sources.actor_of(token)
    return Visitor(token, actor) if actor else None


def install(app: Flask) -> None:
    """Attach the login manager to the application."""
    manager.init_app(app)
    manager.user_loader(_load)


def arrived(academy: Any, unread: int | None) -> None:
    """Note what was read together with the visitor, so that no page of this request asks for it again."""
    if unread is not None:
        g.unread = unread
    if academy is not None:
        g.academy = academy


def unread() -> int:
    """Return how many notices wait for the visitor, read once a request."""
    visitor = current_actor()
    if "unread" not in g:
        g.unread = sources.unread(visitor) if visitor else 0
    return int(g.unread)


def current_actor() -> Actor | None:
    """Return who is signed in, or None. Kept for the request: a page asks a hundred times."""
    if not has_request_context():
        return None
    found: Actor | None = g.get("actor", UNASKED)
    if found is UNASKED:
        visitor = current_user._get_current_object()
        found = g.actor = visitor.actor if isinstance(visitor, Visitor) else None
    return found


def actor() -> Actor:
    """Return who is signed in; only for views that `requires` has opened."""
    found = current_actor()
    if found is None:
        raise RuntimeError("this view is not guarded by requires()")
    return found


def look_as(reader: Actor) -> None:
    """Let the rest of this request see the visitor as an auditor who looks."""
    g.actor = reader


def academy() -> Any:
    """Return the academy's own settings, read once a request."""
    if "academy" not in g:
        g.academy = sources.academy()
    return g.academy


def tally(name: str) -> int:
    """Return a number that the frame of the page shows; all of them are read together, in one statement a request."""
    visitor = current_actor()
    if visitor is None:
        return 0
    if "tallies" not in g:
        query = _tallied(visitor.grants, visitor.leads)
        given = {"visitor_id": visitor.person_id, "today": clock.today(), "now": clock.now()}
        g.tallies = {} if query is None else dict(db.session.execute(query, given).one()._mapping)
    return int(g.tallies.get(name) or 0)


def tallied(name: str, query: Callable[[Actor], Any]) -> Callable[[Actor], int]:
    """Lend the query of a number to the frame of every page (`Sources.tallies`), and return what a menu counts by."""
    sources.tallies[name] = query
    return lambda _visitor: tally(name)


@lru_cache(maxsize=64)
def _tallied(grants: tuple[Grant, ...], leads: bool) -> Select[Any] | None:
    """Return the query of all tallies for whoever has these roles: to put it together takes longer than to answer it."""
    visitor_id: Any = bindparam("visitor_id", type_=Integer)
    asker = Actor(visitor_id, LocalizedText(), "", 0, None, DEFAULT_LANGUAGE, "", "", grants, manages_people=leads)
    asked = {key: query for key, make in sources.tallies.items() if (query := make(asker)) is not None}
    return select(*(query.label(key) for key, query in asked.items())) if asked else None


def sign_in(token: str, actor: Actor) -> None:
    """Let this browser carry the token of a new session; whatever it carried before is dropped."""
    session.clear()
    login_user(Visitor(token, actor))
    g.actor = actor
    session.permanent = True


def sign_out() -> None:
    """Take the token from this browser."""
    logout_user()
    session.clear()
    g.actor = None


def drop_ended() -> bool:
    """Take the token of a session that is over from this browser; return whether there was one."""
    ended = "_user_id" in session and current_actor() is None
    if ended:
        sign_out()
    return ended


def chosen_language() -> str:
    """Return the reader's language: the person's, else the cookie's, else Arabic."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    if override := g.get("language_override"):
        return str(override)
    visitor = current_actor()
    chosen = visitor.language if visitor else request.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE
