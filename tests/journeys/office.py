"""The pages of managers and administrators, as page objects."""

import csv
import io
import re
import zipfile
from typing import Self

from playwright.sync_api import Locator, expect
from python_calamine import CalamineWorkbook

from tests.journeys.desk import Form
from tests.journeys.pages import Place
from tests.journeys.visitor import Visitor


class Team(Place):
    """A manager's team."""

    @classmethod
    def of(cls, visitor: Visitor, address: str = "/team") -> "Team":
        """Open it."""
        return cls(visitor.open(address))

    def show(self, state: str) -> Self:
        """Narrow the follow-up to a state; the choice sends itself."""
        with self.page.expect_navigation(url=re.compile(f"state={state}")):
            self.find("select[name=state]").select_option(state)
        return self

    def search(self, words: str) -> Self:
        """Search by name or course."""
        self.find("#team-search").fill(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def rows(self) -> Locator:
        """The rows of the follow-up."""
        return self.find("#follow-up tbody tr")

    def export(self, kind: str) -> bytes:
        """Export what is shown, and return the file."""
        self.press("details.menu > summary")
        with self.page.expect_download() as download:
            self.press(f"a[href*='export.{kind}']")
        return download.value.path().read_bytes()


class Assigning(Form):
    """Assigning a course: the form, then its preview."""

    @classmethod
    def of(cls, visitor: Visitor) -> "Assigning":
        """Open it."""
        return cls(visitor.open("/team/assign"))

    def choose_course(self, title: str) -> Self:
        """Choose the course."""
        self.find("select[name=course]").select_option(label=title)
        return self

    def tick(self, words: str, name: str) -> Self:
        """Search for somebody and tick them; whoever is ticked stays ticked."""
        self.fill("q", words)
        self.press_and_arrive(".assign-search button")
        self.find(".assign-people label").filter(has_text=name).locator("input").check()
        return self

    def step(self, name: str) -> Self:
        """Press a button: preview, edit or confirm."""
        self.press_and_arrive(f"button[name=step][value={name}]")
        return self


class People(Form):
    """The people of the academy and one person's page."""

    def add(self, organisation: str, fields: dict[str, str]) -> Self:
        """Add somebody to an organisation, with the invitation."""
        self.visitor.open("/admin/people/new")
        with self.page.expect_navigation(url=re.compile("organisation=")):
            self.find("select[name=organisation]").select_option(label=organisation)
        for name, value in fields.items():
            self.fill(name, value)
        return self.save()

    def act(self, words: str) -> Self:
        """Press one of the acts at the head of the page."""
        self.press_and_arrive(self.find(".page-head .acts").get_by_text(words))
        return self


MOST_PAGES = 40


class Letters(Place):
    """The letters that the academy has written."""

    def newest_to(self, address: str, subject: str) -> Place:
        """Open the newest letter to an address with these words in its subject, on whatever page of the list it stands."""
        for page in range(1, MOST_PAGES):
            self.visitor.open(f"/admin/letters?page={page}")
            row = self.find("table.letters tr").filter(has_text=address).filter(has_text=subject)
            if row.count():
                self.press_and_arrive(row.first.locator("a"))
                expect(self.find(".letter-text")).to_be_visible()
                return self
        raise AssertionError(f"no letter about {subject} to {address}")

    @property
    def link(self) -> str:
        """The path that the letter's link leads to."""
        address = self.find(".letter-body a.btn").get_attribute("href")
        return address.removeprefix(self.academy.url)


class NewPassword(Form):
    """Choosing a password through a link."""

    @classmethod
    def of(cls, visitor: Visitor, link: str) -> "NewPassword":
        """Follow a link."""
        return cls(visitor.open(link))

    def choose(self, password: str) -> Self:
        """Choose a password."""
        self.fill("password", password)
        return self.save()


def sheet_of(book: bytes) -> list[list[object]]:
    """Return the rows of an XLSX file, and see that no cell is a formula."""
    parts = zipfile.ZipFile(io.BytesIO(book))
    for name in parts.namelist():
        assert not name.startswith("xl/worksheets/") or b"<f>" not in parts.read(name)
    return CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()


def table_of(text: bytes) -> list[list[str]]:
    """Return the rows of a CSV file as a spreadsheet program reads it: by its mark as UTF-8."""
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
