"""Those who lead, at two levels and as deputy, and an employee who is rated: in both languages, on a desk and on a phone."""

import pytest
from playwright.sync_api import expect

from academy.devdata import accounts as demo
from tests.journeys.knowing import arabic, person_id
from tests.journeys.office import Team
from tests.journeys.pages import Place
from tests.journeys.visitor import NARROW, WIDE
from tests.turns import turn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SPOKEN = [("ar", WIDE), ("en", NARROW)]
LEADING = [
    (who, *spoken)
    for place, who in enumerate((demo.MANAGER, demo.DEPUTY, demo.DIRECTOR))
    for spoken in turn(SPOKEN, place, 2)
]


def said(sentence: str, language: str) -> str:
    """What the academy says in a language."""
    return arabic(sentence) if language == "ar" else sentence


@pytest.fixture
def at_work(person):
    """Sit somebody down who reads a language, at a screen of a size."""

    def sit_down(who, language, size):
        visitor = person().sign_in(who).speak(language)
        visitor.page.set_viewport_size(size)
        return visitor

    return sit_down


@pytest.mark.parametrize(("who", "language", "size"), LEADING, ids=lambda each: getattr(each, "key", None))
def test_whoever_leads_sees_the_team_follows_a_score_to_its_evidence_and_acts(academy, at_work, who, language, size):
    """RE3, CM8, RE6: a manager, the senior manager above and the deputy of the first each reach their own people."""
    scope = f"d{person_id(academy, demo.MANAGER)}" if who is demo.DEPUTY else "all"
    visitor = at_work(who, language, size)
    team = Team.of(visitor, f"/team?scope={scope}&state=overdue").check()
    button = team.rows().locator("button[name=enrolment]")
    team.press_and_arrive(button.last if who is demo.DIRECTOR else button.first)
    team.says(said("The reminder is on its way.", language), said("Reminded today", language)).check()

    heat = Place(visitor.open(f"/team/map?scope={scope}&domain=D4")).check()
    names = heat.find(".heat tbody th")
    others = heat.find(".heat tbody th", has_text=demo.EMPLOYEE.name.ar if language == "ar" else demo.EMPLOYEE.name.en)
    expect(others if who is not demo.DIRECTOR else names.first).to_be_visible()
    heat.press_and_arrive(".heat tbody td:not(.level-none) a")
    heat.says(said("The evidence", language)).check()

    past = Place(visitor.open(f"/team/compliance?scope={scope}&on=2026-03-01")).check()
    assert "2026" in past.words and not past.find(".chip.bad").count()


@pytest.mark.parametrize(("language", "size"), turn(SPOKEN, 1, 2))
def test_an_employee_rates_themself_and_reads_what_their_evidence_adds_up_to(academy, at_work, language, size):
    """CM5, CM2: what lacks a level is told at its field and nothing chosen is lost; 'why this score' opens the sum."""
    visitor = at_work(demo.EMPLOYEE, language, size)
    page = Place(visitor.open("/ratings")).check()
    page.press_and_arrive("a[href*='/ratings/forms/']")
    page.check()
    groups = page.find("fieldset:has(input[type=radio])")
    chosen = groups.first.locator("input[value='2']")
    chosen.check()
    if language == "ar":
        page.press_and_arrive("button[value=hand_in]")
        page.says(arabic("Choose a level, or “not observed”."))
        expect(groups.first.locator("input[value='2']")).to_be_checked()
    for number in range(groups.count()):
        groups.nth(number).locator("input[value='2']").check()
    page.press_and_arrive("button[value=hand_in], button[value=save]")
    page.says(said("Your rating has been handed in.", language)).check()

    visitor.open("/competencies/D4.1")
    Place(visitor).says(said("What is proven", language), said("The evidence", language)).check()
