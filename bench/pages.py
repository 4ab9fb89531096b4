"""The pages that are measured: for each, the visits of one of nine people and how many of them a round makes."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle

from flask import Flask

from bench import scene as scenery
from bench.scene import LEARNERS, READERS, Reader, Scene
from bench.visits import Person, Visit

FORM = "application/x-www-form-urlencoded"
FLOOR_PAGE, FLOOR_SAVE = "floor: page of 43 activities", "floor: save"


@dataclass(frozen=True)
class Page:
    """A measured page. `visits(person, many)` returns that many visits by person 0 (alone) or 1 to 8 (together)."""

    name: str
    visits: Callable[[int, int], list[Visit]]
    alone: int = 60
    together: int = 15
    floor: bool = False
    is_page: bool = True


def same(visits: list[Visit]) -> Callable[[int, int], list[Visit]]:
    """Let each person repeat one visit."""
    return lambda person, many: [visits[person]] * many


class Pages:
    """Makes the pages of a scene on running servers."""

    def __init__(self, app: Flask, scene: Scene, port: int, secret: str) -> None:
        self.app, self.scene, self.port, self.secret = app, scene, port, secret
        self.readers = [self._signed_in(reader.person_id, "/") for reader in scene.readers]
        self.managers = [self._signed_in(person_id, "/") for person_id in scene.managers]
        self.administrators = [self._signed_in(person_id, "/") for person_id in scene.administrators]
        self.holders = [self._signed_in(person_id, "/") for person_id, _number in scene.holders]
        self.turns = cycle(range(len(self.holders)))
        self.counts = [0] * READERS

    def _signed_in(self, person_id: int, path: str) -> Person:
        person = Person(scenery.cookie(self.app, person_id))
        person.arrive(self.port, path)
        return person

    def all(self) -> list[Page]:
        """Return the pages in the order of the table; a floor stands before what is compared with it."""
        return [
            Page("sign-in page", same([Visit("/sign-in", 'name="password"')] * READERS)),
            Page("home", same([self._reads(n, "/", "مقرر القياس") for n in range(READERS)])),
            Page(FLOOR_PAGE, same(self._floor_pages()), floor=True),
            Page("course page, 43 activities", same([self._reads(n, "/courses/bench", "(41)") for n in range(READERS)])),
            Page("lesson", same([self._reads(n, self._lesson(r), "data-block") for n, r in self._numbered()])),
            Page("quiz page, one question", same([self._reads(n, f"/attempts/{r.attempt_id}", "question-1") for n, r in self._numbered()])),
            Page("quiz page, all 20 questions", same([self._reads(n, f"/attempts/{r.long_attempt_id}", "question-20") for n, r in self._numbered()])),
            Page(FLOOR_SAVE, self._floor_saves, alone=80, floor=True, is_page=False),
            Page("autosave (POST)", self._saves, alone=80, is_page=False),
            Page("submit (POST)", self._submits, alone=20, together=4, is_page=False),
            Page("team page, 1,000 people", same([self._leads(n, "/team") for n in range(READERS)]), alone=20, together=5),
            Page("CSV, roster of 1,000", same([self._exports(n) for n in range(READERS)]), alone=8, together=3, is_page=False),
            Page("CSV, team's 3,000 rows", same([self._team_csv(n) for n in range(READERS)]), alone=5, together=2, is_page=False),
            Page("certificate PDF, each another", self._certificates, alone=40, together=6, is_page=False),
        ]  # fmt: skip

    def redrawn(self) -> Page:
        """Return the download of papers that are not kept; measured once, for each is kept from then on."""
        return Page("certificate PDF, not kept", self._certificates, alone=40, together=2, is_page=False)

    def _numbered(self) -> Iterator[tuple[int, Reader]]:
        return iter(list(enumerate(self.scene.readers)))

    def _reads(self, n: int, path: str, marker: str) -> Visit:
        return Visit(path, marker, self.readers[n].cookie)

    def _leads(self, n: int, path: str) -> Visit:
        return Visit(path, "قطاع 1", self.managers[n].cookie)

    def _lesson(self, reader: Reader) -> str:
        return f"/learn/{reader.enrolment_id}/{reader.lesson_key}"

    def _exports(self, n: int) -> Visit:
        return Visit("/teach/bench/roster.csv", "@", self.administrators[n].cookie, lines=LEARNERS)

    def _team_csv(self, n: int) -> Visit:
        return Visit("/team/export.csv", "@", self.managers[n].cookie, lines=2 * LEARNERS)

    def _certificates(self, n: int, many: int) -> list[Visit]:
        """Fetch certificates that were not asked for lately."""
        return [self._certificate(next(self.turns)) for _ in range(many)]

    def _certificate(self, turn: int) -> Visit:
        number = self.scene.holders[turn][1]
        return Visit(f"/certificates/{number}.pdf", "%PDF-", self.holders[turn].cookie)

    def _floor_pages(self) -> list[Visit]:
        version = self.scene.version_id
        return [
            Visit(f"/course/{version}/{r.enrolment_id}", "(41)", scenery.floor_cookie(self.secret, r.person_id))
            for r in self.scene.readers
        ]

    def _floor_saves(self, n: int, many: int) -> list[Visit]:
        reader = self.scene.readers[n]
        cookie = scenery.floor_cookie(self.secret, reader.person_id)
        bodies = [json.dumps({"position": 2, "response": {"choices": [str(i)]}}).encode() for i in range(many)]
        path = f"/save/{reader.attempt_id}"
        return [Visit(path, "saved", cookie, body=body, content_type="application/json") for body in bodies]

    def _saves(self, n: int, many: int) -> list[Visit]:
        return [self._save(n) for _ in range(many)]

    def _save(self, n: int) -> Visit:
        """Save the first question's answer anew, as the page's script does."""
        self.counts[n] += 1
        attempt, person = self.scene.readers[n].attempt_id, self.readers[n]
        item = {"position": 1, "response": {"choice": f"p{1 + self.counts[n] % 2}"}, "known": 1}
        message = {
            "attempt": attempt,
            "items": [item],
            "client_key": f"bench-{n:08d}",
            "client_sequence": self.counts[n],
        }
        return Visit(
            f"/attempts/{attempt}/save", '"saved"', person.cookie, body=json.dumps(message).encode(),
            content_type="application/json", csrf=person.csrf,
        )  # fmt: skip

    def _submits(self, n: int, many: int) -> list[Visit]:
        return [self._submit() for _ in range(many)]

    def _submit(self) -> Visit:
        """Submit an attempt that nobody has submitted yet; its learner has opened the review page before."""
        sitter = next(self.scene.sitters)
        person = self._signed_in(sitter.person_id, f"/attempts/{sitter.attempt_id}/review")
        body = f"csrf_token={person.csrf}".encode()
        path = f"/attempts/{sitter.attempt_id}"
        return Visit(f"{path}/submit", f"{path}/result", person.cookie, 302, body, FORM, person.csrf)
