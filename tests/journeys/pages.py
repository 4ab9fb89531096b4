"""The pages that learners use, as people see them: each step returns the page it leads to."""

import re
from collections.abc import Sequence
from typing import Self

from playwright.sync_api import Locator, expect

from tests.journeys.knowing import Known, right_answers, solution_of
from tests.journeys.visitor import Visitor

SENT_AGAIN = 60_000  # milliseconds: a page that could not save tries again after up to half a minute
GIVEN = """Object.fromEntries([...new FormData(document.getElementById("answers"))]
    .filter(([name]) => !/^(csrf_token|client_|seen-|q$)/.test(name)).map(([name, value], at) => [`${name}#${value}`, value]))"""


class Place:
    """A page that somebody has before them."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.academy = visitor.academy

    @property
    def heading(self) -> str:
        """The page's heading."""
        return self.page.locator("h1").inner_text().strip()

    @property
    def words(self) -> str:
        """What the page says, in one line."""
        return " ".join(self.page.locator("main").inner_text().split())

    def find(self, selector: str, **options) -> Locator:
        """Find a part of the page's main area."""
        return self.page.locator("main").locator(selector, **options)

    def press(self, target: Locator | str) -> None:
        """Press a button or link."""
        self.visitor.press(self.find(target) if isinstance(target, str) else target)

    def press_and_arrive(self, target: Locator | str) -> None:
        """Press something that leads to another page, and wait until that one stands."""
        with self.page.expect_navigation():
            self.press(target)

    def check(self) -> Self:
        """Hold the page to what every page must be."""
        self.visitor.check()
        return self

    def says(self, *texts: str) -> Self:
        """See that the page says something, now or very soon."""
        for each in texts:
            expect(self.page.locator("body")).to_contain_text(each)
        return self


class Home(Place):
    """Where somebody arrives: what to do next, and what is due."""

    @classmethod
    def of(cls, visitor: Visitor) -> "Home":
        """Open it."""
        return cls(visitor.open("/"))

    @property
    def next_step(self) -> str:
        """What the academy proposes to do next."""
        return self.heading

    def go_on(self) -> "ActivityPage":
        """Follow the proposal into the course."""
        self.press_and_arrive(".hero a.btn-lg")
        return ActivityPage(self.visitor)


class CoursePage(Place):
    """What a course is, and where one stands in it."""

    @classmethod
    def of(cls, visitor: Visitor, key: str) -> "CoursePage":
        """Open a course's page."""
        return cls(visitor.open(f"/courses/{key}"))

    def enrol(self) -> "ActivityPage":
        """Take a place; it leads into the first activity."""
        self.press_and_arrive("form[action$='/enrol'] button")
        return ActivityPage(self.visitor)

    def open_activity(self, key: str) -> "ActivityPage":
        """Open an activity from the outline."""
        self.press_and_arrive(f".course-outline a[href$='/{key}']")
        return ActivityPage(self.visitor)

    @property
    def is_completed(self) -> bool:
        """Whether the page says that the course is completed."""
        return self.find(".course-aside .chip.ok").count() > 0


class ActivityPage(Place):
    """The player: a lesson, an exercise or a quiz with the steps below."""

    @property
    def ids(self) -> tuple[int, str]:
        """The enrolment and the activity's key."""
        enrolment, key = re.search(r"/learn/(\d+)/([^/?#]+)", self.page.url).groups()
        return int(enrolment), key

    @property
    def is_sorting(self) -> bool:
        """Whether this is a sorting exercise."""
        return self.find("form.sorting").count() > 0

    @property
    def is_quiz(self) -> bool:
        """Whether this is a quiz."""
        return self.find(".quiz-rules").count() > 0

    @property
    def is_done(self) -> bool:
        """Whether the activity is completed."""
        return self.find(".activity[data-state=done]").count() > 0

    def complete(self) -> Self:
        """Press "complete and continue"."""
        self.press_and_arrive(".stepper form button")
        return self

    def ahead(self) -> Self:
        """Go on without completing anything."""
        self.press_and_arrive(".stepper a[rel=next]")
        return self

    def do_everything_up_to_the_quiz(self) -> Self:
        """Read every lesson and sort every exercise from here, until the quiz stands there."""
        while not self.is_quiz:
            if self.is_sorting:
                self.sort_by_keyboard().ahead()
            elif self.is_done:
                self.ahead()
            else:
                self.complete()
        return self

    def sort_by_keyboard(self) -> Self:
        """Put every item where it belongs, with keys alone, and check."""
        places = solution_of(self.academy, *self.ids)
        self.find(".classify-item input").first.focus()
        for place in places:
            self.page.keyboard.press("Space")
            for _step in range(place):
                self.page.keyboard.press("ArrowDown")
            self.page.keyboard.press("Tab")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def sort(self) -> Self:
        """Put every item where it belongs by pressing, and check."""
        for item, place in enumerate(solution_of(self.academy, *self.ids)):
            self.press(self.find(".classify-item").nth(item).locator(".classify-choice").nth(place))
        self.press_and_arrive("form.sorting button")
        return self

    def start_quiz(self) -> "AttemptPage":
        """Start the quiz, or continue the attempt that is open."""
        self.press_and_arrive(".quiz-rules form button")
        return AttemptPage(self.visitor)


class AttemptPage(Place):
    """A quiz while it is being taken, one question a page or all on one."""

    @property
    def attempt_id(self) -> int:
        """The attempt's id."""
        return int(re.search(r"/attempts/(\d+)", self.page.url).group(1))

    @property
    def position(self) -> int:
        """The place of the first question on the page."""
        return int(self.sheet().get_attribute("data-sheet"))

    def sheet(self, position: int | None = None) -> Locator:
        """The sheet of a question, or the first on the page."""
        return self.find(f"[data-sheet='{position}']" if position else "[data-sheet]").first

    @property
    def time_left(self) -> int:
        """The seconds left, as the page shows them."""
        shown = self.page.locator("[data-time-left]").inner_text()
        minutes, seconds = "".join(str(int(c)) if c.isdigit() else c for c in shown).split(":")
        return int(minutes) * 60 + int(seconds)

    @property
    def saved_state(self) -> Locator:
        """What the page says about saving."""
        return self.find("[data-saved]")

    @property
    def given(self) -> dict[str, str]:
        """The answers as the page's controls hold them."""
        return self.page.evaluate(GIVEN)

    def option(self, place: int) -> Locator:
        """The radio button or box at a place of the first question on the page."""
        return self.sheet().locator("input[type=radio], input[type=checkbox]").nth(place)

    def choose(self, *places: int, position: int | None = None) -> Self:
        """Choose the options at these places of a question with options."""
        for place in places:
            self.press(self.sheet(position).locator("label.choice").nth(place))
        return self

    def write(self, text: str, position: int | None = None) -> Self:
        """Write the answer to a question that takes a text or a number."""
        field = self.sheet(position).locator("input[type=text]")
        field.fill(text)
        field.blur()
        return self

    def answer(self, known: Known, position: int | None = None) -> Self:
        """Give an answer with the controls of its type."""
        sheet = self.sheet(position)
        assert sheet.get_attribute("data-kind") == known.type
        if known.type in ("single", "multiple"):
            for text in known.words:
                self.press(sheet.locator("label.choice").filter(has=self.page.get_by_text(text, exact=True)))
        elif known.type == "true_false":
            self.press(sheet.locator(f"label.choice:has(input[value={known.words[0]}])"))
        elif known.type in ("numeric", "short_text"):
            self.write(known.words[0], position)
        elif known.type == "ordering":
            self.put_in_order(sheet, known.words)
        else:
            for left, right in known.pairs:
                sheet.get_by_label(left, exact=True).select_option(label=right)
        return self

    def put_in_order(self, sheet: Locator, texts: Sequence[str]) -> None:
        """Move the rows with their buttons until they stand in this order; then agree, if nothing had to move."""
        rows = sheet.locator("[data-order-row]")
        for place, text in enumerate(texts):
            row = rows.filter(has=self.page.get_by_text(text, exact=True))
            while rows.nth(place).get_attribute("data-title") != row.get_attribute("data-title"):
                self.press(row.locator("[data-up]"))
        agree = sheet.locator("[data-order-list] + button")
        if agree.count() and agree.first.is_visible():
            self.press(agree)

    def is_saved(self) -> Self:
        """Wait until the page says that everything is saved, with the number of the receipt."""
        expect(self.saved_state).to_have_attribute("data-state", "saved", timeout=SENT_AGAIN)
        expect(self.find("[data-saved-at]")).to_contain_text(re.compile(r"[\d٠-٩]"))
        return self

    def next(self) -> Self:
        """Go to the next question."""
        self.press_and_arrive("button[name=go][value=next]")
        return self

    def previous(self) -> Self:
        """Go to the question before."""
        self.press_and_arrive("button[name=go][value=previous]")
        return self

    def go_to(self, position: int) -> Self:
        """Go to a question by the map."""
        self.press_and_arrive(f"[data-question='{position}']")
        return self

    def review(self) -> "ReviewPage":
        """Go to the review before submitting."""
        self.press_and_arrive(".quiz-map button[value=review]")
        return ReviewPage(self.visitor)

    def answer_all_rightly(self) -> "ReviewPage":
        """Answer every question as somebody who knows, see each saved, and go to the review."""
        known = right_answers(self.academy, self.attempt_id, self.visitor.language)
        for position in range(self.position, len(known) + 1):
            self.answer(known[position]).is_saved()
            if position < len(known):
                self.next()
        return self.review()


class ReviewPage(Place):
    """The list of questions before submitting."""

    def press_submit(self) -> Locator:
        """Press the button; the page asks once more. Return the button that means it."""
        self.press("form[data-attempt-submit] button")
        sure = self.page.locator("#confirm [data-confirm-ok]")
        expect(sure).to_be_visible()
        return sure

    def submit(self) -> "ResultPage":
        """Submit the attempt and mean it."""
        sure = self.press_submit()
        with self.page.expect_navigation(url=re.compile("/result")):
            self.visitor.press(sure)
        return ResultPage(self.visitor)

    def submit_impatiently(self) -> "ResultPage":
        """Submit with a double click."""
        sure = self.press_submit()
        with self.page.expect_navigation(url=re.compile("/result")):
            sure.dblclick()
        return ResultPage(self.visitor)


class ResultPage(Place):
    """What became of an attempt."""

    @property
    def attempt_id(self) -> int:
        """The attempt's id."""
        return int(re.search(r"/attempts/(\d+)", self.page.url).group(1))

    @property
    def is_passed(self) -> bool:
        """Whether the page says that the quiz is passed."""
        return self.find(".verdict.right:not(.course-completed)").count() == 1

    def back_to_the_course(self) -> "CoursePage":
        """Go back to the course; a course that this completed shows its own page."""
        self.press_and_arrive(".result-next a[href^='/courses/']")
        return CoursePage(self.visitor)


class Certificates(Place):
    """One's own certificates."""

    @classmethod
    def of(cls, visitor: Visitor) -> "Certificates":
        """Open them."""
        return cls(visitor.open("/certificates"))

    @property
    def numbers(self) -> list[str]:
        """Their numbers, newest first."""
        return [each.get_attribute("id")[1:] for each in self.find("article.paper").all()]

    def download(self, number: str) -> bytes:
        """Download a certificate by its button, and return the file."""
        link = self.find(f"#c{number} a.btn[href$='.pdf']")
        if self.visitor.touch:
            return self.page.request.get(self.academy.url + link.get_attribute("href")).body()
        with self.page.expect_download() as download:
            self.press(link)
        return download.value.path().read_bytes()


class Register(Place):
    """The public register of certificates."""

    @classmethod
    def of(cls, visitor: Visitor) -> "Register":
        """Open it."""
        return cls(visitor.open("/verify"))

    def ask(self, number: str) -> Self:
        """Ask for a number."""
        self.find("input[name=number]").fill(number)
        self.press_and_arrive("form.form button")
        return self
