"""What the present request tells of its browser: the hashes of Safe Exam Browser, and what its session has shown before."""

from urllib.parse import quote

from flask import request, session

from academy.base import place
from academy.base.browser import Browser

CONFIG_HEADER, EXAM_HEADER = "X-SafeExamBrowser-ConfigKeyHash", "X-SafeExamBrowser-RequestHash"
PROVEN = "safe_browser"
MOST_PROVEN = 20
SAFE_IN_PATHS = "/!$&'()*+,;=:@-._~"


def browser_here() -> Browser:
    """Return what the present request tells of its browser.

    The address is the public one, as the settings say it, whatever name and scheme the request reached us by: a proxy
    stands between, and the browser hashed what it asked for.
    """
    query = request.query_string.decode("latin-1")
    url = place.base_url() + quote(request.path, safe=SAFE_IN_PATHS) + (f"?{query}" if query else "")
    headers, proven = request.headers, frozenset(session.get(PROVEN, ()))
    return Browser(url, headers.get(CONFIG_HEADER, ""), headers.get(EXAM_HEADER, ""), proven)


def remember(mark: str) -> None:
    """Remember for this session that its browser has shown the key with this mark."""
    session[PROVEN] = [mark, *(each for each in session.get(PROVEN, ()) if each != mark)][:MOST_PROVEN]
