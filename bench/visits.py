"""Visits over HTTP: what is asked, what must come back, by whom; every answer is checked."""

import http.client
import re
import time
from dataclasses import dataclass

CSRF = re.compile(rb'name="csrf-token" content="([^"]+)"')


class Wrong(SystemExit):
    """An answer that is not the page that was to be measured; the bench stops."""


@dataclass(frozen=True)
class Answer:
    """An answer as it was checked."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Visit:
    """One request and what its answer must be: its status, a text in its body or its Location, its lines at least."""

    path: str
    marker: str
    cookie: str = ""
    status: int = 200
    body: bytes | None = None
    content_type: str = ""
    csrf: str = ""
    lines: int = 0

    @property
    def method(self) -> str:
        """POST when it carries a body."""
        return "GET" if self.body is None else "POST"

    @property
    def headers(self) -> dict[str, str]:
        """The headers it is sent with."""
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if self.body is not None:
            headers |= {"Content-Type": self.content_type, "X-CSRFToken": self.csrf}
        if self.content_type == "application/json":
            headers |= {"X-Requested-With": "fetch", "Accept": "application/json"}
        return headers

    def check(self, answer: Answer) -> Answer:
        """Stop the bench when the answer is not what was asked for."""
        where = answer.headers.get("location", "").encode() if 300 <= answer.status < 400 else answer.body
        sound = (
            answer.status == self.status and self.marker.encode() in where and answer.body.count(b"\n") >= self.lines
        )
        if not sound:
            said = answer.body[:1500].decode(errors="replace")
            raise Wrong(
                f"{self.method} {self.path}: status {answer.status}, without «{self.marker}»\n{where[:200]!r}\n{said}"
            )
        return answer


class Caller:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def send(self, visit: Visit) -> tuple[Answer, float]:
        """Return the checked answer and the seconds it took."""
        began = time.perf_counter()
        self.connection.request(visit.method, visit.path, visit.body, visit.headers)
        response = self.connection.getresponse()
        body = response.read()
        took = time.perf_counter() - began
        headers = {name.lower(): value for name, value in response.getheaders()}
        return visit.check(Answer(response.status, headers, body)), took

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


@dataclass
class Person:
    """A signed-in browser: its cookie, as the first page it opened left it, and the token of its forms."""

    cookie: str
    csrf: str = ""

    def arrive(self, port: int, path: str) -> None:
        """Open a page, take over the cookie it sets and the token it carries."""
        caller = Caller(port)
        answer, _ = caller.send(Visit(path, "csrf-token", self.cookie))
        caller.close()
        found = CSRF.search(answer.body)
        if found is None:
            raise Wrong(f"{path} carries no CSRF token")
        self.csrf = found[1].decode()
        if given := answer.headers.get("set-cookie"):
            self.cookie = given.partition(";")[0]
