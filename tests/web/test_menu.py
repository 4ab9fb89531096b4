"""The menus keep to one line: when much is open to somebody, what is only their own moves to the menu of their name."""

from datetime import UTC, datetime

import pytest

from tests.factories import accounts as make
from tests.factories import assessment as quizzes


def addresses(page, chosen):
    return [link["href"] for link in page.select(chosen)]


def test_a_learner_finds_everything_in_the_bar(visit):
    page = visit(make.person()).get("/")
    assert {"/my-courses", "/certificates"} <= set(addresses(page, ".mainnav li:not(.yields) a"))
    assert not page.select(".menu-list a.only-wide")


def test_a_full_bar_yields_what_is_only_ones_own_to_the_menu(visit):
    page = visit(make.administrator()).get("/")
    assert addresses(page, ".mainnav li.yields a") == ["/my-courses", "/certificates"]
    kept = addresses(page, ".mainnav li:not(.yields) a")
    assert len(kept) <= 7 and kept[-1] == "/admin/"
    on_wide = set(addresses(page, ".menu-list > a:not(.only-narrow)"))
    on_narrow = set(addresses(page, ".menu-list > a:not(.only-wide)"))
    assert {"/my-courses", "/certificates", "/account"} <= on_wide
    assert on_narrow >= set(addresses(page, ".mainnav li:nth-child(n+6) a"))


def parts(page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in page.select(".sidenav li"):
        if "sidenav-heading" in row.get("class", []):
            found[row.get_text(strip=True)] = []
        else:
            found[list(found)[-1]].append(row.a["href"])
    return found


def test_the_administration_is_parted_by_headings(visit):
    found = parts(visit(make.administrator(language="en")).get("/admin/people"))
    assert list(found) == [
        "People and organisations",
        "Learning and certificates",
        "Competencies",
        "Announcements and letters",
        "Reports and oversight",
        "The academy",
    ]
    assert all(found.values()) and found["People and organisations"][:2] == ["/admin/people", "/admin/organisations"]
    assert found["The academy"][-1] == "/admin/settings"


def test_a_heading_above_nothing_that_opens_is_not_shown(visit):
    found = parts(visit(make.grant(make.person(language="en"), "officer")).get("/admin/certificates"))
    assert found and all(found.values()) and "The academy" not in found


def test_one_entry_alone_is_the_present_page(visit):
    page = visit(make.administrator()).get("/reports/small-groups")
    assert addresses(page, ".sidenav a[aria-current]") == ["/reports/small-groups"]


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/development", "/competencies"),
        ("/claims/new", "/competencies"),
        ("/goals", "/competencies"),
        ("/my-hours", "/my-courses"),
    ],
)
def test_the_bar_says_where_one_is_on_pages_that_lie_elsewhere(visit, path, entry):
    page = visit(make.person()).get(path)
    assert set(addresses(page, ".mainnav a[aria-current]")) == {entry}


def test_the_bar_says_that_a_quiz_belongs_to_the_courses(visit):
    learner = make.person()
    attempt = quizzes.attempt(quizzes.quiz(), learner, at=datetime.now(UTC))
    page = visit(learner).get(f"/attempts/{attempt.id}")
    assert set(addresses(page, ".mainnav a[aria-current]")) == {"/courses"}
