"""The guard at every door: a view says one permission, or says that it is public. A test reads all views."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from academy.base.access import TABLE, allowed
from academy.base.errors import NotAllowed, NotFound
from academy.web.identity import current_actor

View = TypeVar("View", bound=Callable[..., Any])


def requires(permission: str, find: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Open a view only to those whom the table lets pass.

    With `find`, the address's parts are given to it; what it finds is judged and handed to the view in their place.
    What somebody may not see does not exist for them: 404, not 403.
    """
    if permission not in TABLE:
        raise LookupError(f"declare the permission {permission} in the slice's policies.py")

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(**parts: Any) -> Any:
            visitor = current_actor()
            if visitor is None:
                return _to_sign_in()
            if find is None:
                if not allowed(permission, visitor):
                    raise NotAllowed
                return view(**parts)
            thing = find(**parts)
            if thing is None or not allowed(permission, visitor, thing):
                raise NotFound
            return view(thing)

        guarded.access = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def public(view: View) -> View:
    """Mark a view that anyone may open."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def may(permission: str, thing: Any = None) -> bool:
    """Whether the visitor may do this: for templates, so that no link is shown that would be refused."""
    return allowed(permission, current_actor(), thing)


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
