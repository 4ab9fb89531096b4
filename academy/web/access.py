"""The guard at every door: a view says one permission, or says that it is public. A test reads all views."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import current_app, g, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from academy.base import audit, clock
from academy.base.access import TABLE, Actor, allowed, anyone_signed_in, locked_to
from academy.base.errors import NotAllowed, NotFound
from academy.base.text import LocalizedText
from academy.web.identity import current_actor, look_as

READS = {"GET", "HEAD"}
AUDITED = "accounts:record:audit"
READ_BY_AUDITORS: set[str] = set()

View = TypeVar("View", bound=Callable[..., Any])


def requires(
    permission: str, find: Callable[..., Any] | None = None, *, auditors: bool = False, traced: bool = True
) -> Callable[[View], View]:
    """Open a view only to those whom the table lets pass.

    With `find`, the address's parts are given to it; what it finds is judged and handed to the view in their place.
    What somebody may not see does not exist for them: 404, not 403. With `auditors`, auditors look at it where an
    administrator may, and what they looked at is kept in the audit trail; they send nothing to it. A picture within
    another page is not `traced`. A setting that the academy keeps for itself is shown to whom it is locked; they send nothing.
    """
    if permission not in TABLE:
        raise LookupError(f"declare the permission {permission} in the slice's policies.py")

    if auditors:
        READ_BY_AUDITORS.add(permission)

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(**parts: Any) -> Any:
            visitor = current_actor()
            if visitor is None:
                return _to_sign_in()
            thing = find(**parts) if find else None
            if find and thing is None:
                raise NotFound
            if locked_to(permission, visitor, thing):
                _look_at_locked(permission)
            elif not allowed(permission, visitor, thing):
                _look_as_auditor(permission, visitor, thing, opens=auditors, hides=find is not None, traced=traced)
            return view(thing) if find else view(**parts)

        guarded.access = permission  # type: ignore[attr-defined]
        guarded.auditors = auditors  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def _look_at_locked(permission: str) -> None:
    """Let an organisation's administrator look at a setting that the academy has fixed."""
    if request.method not in READS:
        raise NotAllowed
    g.locked_page = permission


def _look_as_auditor(permission: str, visitor: Actor, thing: Any, *, opens: bool, hides: bool, traced: bool) -> None:
    """Let an auditor look, and leave the trace of it; refuse everybody else, and auditors what is not for them.

    What they may not change exists for them where an administrator could change it: 403, not 404.
    """
    reader = visitor.reading()
    if reader is None or not allowed(permission, reader, thing):
        raise NotFound if hides else NotAllowed
    if not opens or request.method not in READS:
        raise NotAllowed
    look_as(reader)
    if traced and thing is not None:
        audit.record_reading(
            AUDITED, at=clock.now(), actor_id=reader.person_id, subject=_called(thing),
            organisation_id=getattr(thing, "organisation_id", None), after={"page_read": request.path},
        )  # fmt: skip


def _called(thing: Any) -> tuple[str, int | None, str]:
    """Return how the trail calls a thing: its table, its id, its name or number."""
    named = next((found for key in ("name", "number", "title", "key") if (found := getattr(thing, key, None))), "")
    number = getattr(thing, "id", None)
    label = named.show("ar") if isinstance(named, LocalizedText) else str(named)
    return getattr(thing, "__tablename__", "record"), number if isinstance(number, int) else None, label


def only_reads() -> bool:
    """Whether the visitor looks at this page as an auditor: it then draws nothing that changes anything."""
    visitor = current_actor()
    return visitor is not None and visitor.auditing


def locked_page() -> bool:
    """Whether the page shows a setting that the academy has fixed: its form is then shut and says so."""
    return "locked_page" in g


def locked_from_me(permission: str, thing: Any) -> bool:
    """Whether the academy has fixed a setting that the visitor could change otherwise."""
    return locked_to(permission, current_actor(), thing)


def shut(address: str) -> bool:
    """Whether a link leads an auditor who looks, or whom a setting is locked to, to a door that is not for them: it is not drawn."""
    if not only_reads() and not locked_page():
        return False
    try:
        endpoint, _parts = current_app.create_url_adapter(request).match(urlsplit(address).path, method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return True
    view = current_app.view_functions[endpoint]
    access = getattr(view, "access", "")
    if not only_reads():
        return bool(access == g.locked_page)
    return not (getattr(view, "auditors", False) or access == "public" or TABLE[access].allows is anyone_signed_in)


def public(view: View) -> View:
    """Mark a view that anyone may open."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def may(permission: str, thing: Any = None) -> bool:
    """Whether the visitor may do this: for templates, so that no link is shown that would be refused."""
    visitor = current_actor()
    if visitor is not None and visitor.auditing and permission not in READ_BY_AUDITORS:
        visitor = replace(visitor, auditing=False)
    return allowed(permission, visitor, thing)


def _to_sign_in() -> Response:
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With") == "fetch":
        return Response(status=401)
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=back))


def safe_next(address: str | None, default: str) -> str:
    """Return the address to go on to, if it is one of ours; else the default. Stops open redirects."""
    if (
        address
        and address.startswith("/")
        and not address.startswith(("//", "/\\"))
        and not set(address) & set("\r\n\t\\")
    ):
        return address
    return default
