"""What of others waits is told on the home of whoever it waits for: drafts to review, goals and appraisals."""

import pytest

from academy.base import clock
from academy.catalogue import services as catalogue
from academy.competencies import services
from tests.competencies.test_goals import House
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue as make


@pytest.fixture
def house(app):
    return House()


def test_goals_that_wait_are_told_on_the_managers_home(house, visit, statements):
    """CM9: counted where the manager's part is next, in no statement more."""
    assert "for your part" not in visit(house.boss).get("/").words
    house.goal("sent")
    boss = visit(house.boss)
    with statements() as seen:
        page = boss.get("/")
    assert "1 waits for your part" in page.words and page.select("a.strip[href='/goals']")
    assert len(seen) <= 7
    assert "for your part" not in visit(house.top).get("/").words, "only who leads by the line"
    services.end_cycle(house.cycle, by_id=house.admin.id, at=clock.now())
    assert "for your part" not in boss.get("/").words, "goals cannot be agreed on any more"


def test_a_draft_that_waits_is_told_to_its_reviewer_and_its_author(app, visit, statements):
    """Counted for the reviewer, and for the author who asked; not for other authors."""
    home = people.organisation()
    author, other = (people.trainer(home, language="en") for _each in range(2))
    reviewer = people.grant(people.person(home, language="en"), "reviewer", of=home)
    course = make.course(of=home, trainer=author, published=False)
    assert "Nothing waits for you" in visit(reviewer).get("/").words
    assert "waits for a reviewer" not in visit(author).get("/").words
    catalogue.ask_review(course, actor_id=author.id, at=NOW)
    judge = visit(reviewer)
    with statements() as seen:
        page = judge.get("/")
    assert "1 draft waits for you" in page.words and len(seen) <= 8
    assert "1 draft of yours waits for a reviewer" in visit(author).get("/").words
    assert "waits for a reviewer" not in visit(other).get("/").words
