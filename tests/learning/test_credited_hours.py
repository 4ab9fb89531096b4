"""CE6: hours of continuing education by year and in a period, with what they came from; one definition everywhere."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from academy.accounts.models import Person
from academy.base.db import db
from academy.base.spreadsheets import read_table
from academy.credentials.queries_of_transcripts import courses_of
from academy.credentials.rules_of_transcripts import total
from academy.learning.queries.ledger import credits_of, hours_of_person, hours_of_person_between, ledger
from academy.learning.rules.credits import by_year, period_of, usual_calendar
from tests.factories import accounts as people
from tests.factories import catalogue, credentials
from tests.factories.accounts import both


@pytest.fixture
def home(app):
    return people.organisation(name=both("الجهة", "Agency"))


@pytest.fixture
def chief(home):
    return people.person(of=home)


@pytest.fixture
def noura(home, chief):
    """Somebody who completed courses in three years, one of them on a Riyadh new year's night; was exempted; began another."""
    who = people.person(of=home, manager=chief, name=both("نورة", "Noura"), language="en", calendar="gregorian")
    for title, hours, at in (
        ("First", 3, datetime(2024, 7, 1, tzinfo=UTC)),
        ("Midnight", Decimal("2.5"), datetime(2025, 12, 31, 21, 30, tzinfo=UTC)),
        ("Last", 4, datetime(2026, 11, 2, tzinfo=UTC)),
        ("Worthless", 0, datetime(2026, 11, 2, tzinfo=UTC)),
    ):
        credentials.completed(who, catalogue.course(home, title=both(title, title), hours=hours), at=at)
    place = credentials.completed(who, catalogue.course(home, title=both("Waived", "Waived"), hours=9))
    place.exempted = True
    db.session.flush()
    return who


def rows(page, number=0):
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("td, th")]
        for row in page.select("table")[number].select("tbody tr")
    ]


def test_a_person_sees_years_and_periods_and_downloads_them(visit, noura):
    visitor = visit(noura)
    assert visitor.get("/my-hours").select_one(f"a[href='/people/{noura.id}/credited-hours']")
    address = f"/people/{noura.id}/credited-hours"
    page = visitor.get(address)
    assert [row[0] for row in rows(page)] == ["Last", "Midnight", "First"], (
        "exempted, worthless or open ones are credited"
    )
    assert [(row[0], row[1]) for row in rows(page, 1)] == [("2026", "2"), ("2024", "1")]
    page = visitor.get(address, query_string={"year": "2026"})
    assert [row[0] for row in rows(page)] == ["Last", "Midnight"] and "6.5" in page.select_one(".kpis").get_text()
    page = visitor.get(address, query_string={"calendar": "hijri"})
    assert [row[0] for row in rows(page, 1)] == ["1448 AH", "1447 AH", "1445 AH"]
    page = visitor.get(address, query_string={"first": "1/1/2026", "last": "1447/12/29", "year": "2024"})
    assert [row[0] for row in rows(page)] == ["Midnight"], "days do not outweigh the year"
    for ending in ("csv", "xlsx"):
        visitor.client.get(f"{address}.{ending}")
        data = visitor.client.get(f"{address}.{ending}?year=2026").get_data()
        table = read_table(data, f"a.{ending}")
        assert [(row[1], Decimal(row[6])) for row in table.rows] == [("Last", 4), ("Midnight", Decimal("2.5"))]
    noura.language = "ar"
    db.session.flush()
    assert "٢٠٢٦م" in visitor.get(address).words or "2026م" in visitor.get(address).words


def test_odd_questions_are_answered_at_their_field(visit, noura):
    visitor, address = visit(noura), f"/people/{noura.id}/credited-hours"
    for asked in ({"first": "soon"}, {"first": "2026-02-02", "last": "2026-01-01"}):
        page = visitor.get(address, 422, query_string=asked)
        assert page.select(".field.wrong") and next(iter(asked.values())) in str(page.select_one("main form"))
    for asked in ({"year": "x"}, {"year": "99999999999"}, {"calendar": "maya"}, {"last": "x" * 5000}):
        assert visitor.client.get(address, query_string=asked).status_code in (200, 422)


def test_leaders_and_administrators_see_it_and_nobody_else(visit, home, chief, noura):
    """CE6: tried as the wrong person."""
    address = f"/people/{noura.id}/credited-hours"
    for who in (chief, people.administrator(of=home, everywhere=False)):
        assert "Midnight" in visit(who).get(address).words
    assert visit(chief).get(f"/team/people/{noura.id}").select_one(f"a[href='{address}']")
    administrator = visit(people.administrator(of=home, everywhere=False))
    assert administrator.get(f"/admin/people/{noura.id}").select_one(f"a[href='{address}']")
    for make in (
        lambda: people.person(of=home),
        lambda: people.administrator(of=people.organisation(), everywhere=False),
    ):
        for ending in ("", ".csv", ".xlsx"):
            assert visit(make()).client.get(address + ending).status_code in (403, 404)


def test_every_screen_says_the_same(noura):
    whole = sum(each.hours for each in credits_of(noura.id))
    assert whole == ledger(noura.id).whole.credited == Decimal(total(courses_of(noura.id))) == Decimal("9.5")
    spans = [(date(year, 1, 1), date(year, 12, 31)) for year in (2024, 2025, 2026)]
    query = select(hours_of_person(Person.id), *(hours_of_person_between(Person.id, *span) for span in spans))
    assert [Decimal(each) for each in db.session.execute(query.where(Person.id == noura.id)).one()] == [
        Decimal("9.5"), Decimal(3), Decimal(0), Decimal("6.5"),
    ]  # fmt: skip
    assert sum(year.hours for year in by_year(credits_of(noura.id), "hijri")) == whole


def test_years_follow_the_preference_and_periods_hold_their_ends():
    assert [usual_calendar(*each) for each in (("hijri", "en"), ("both", "ar"), ("both", "en"))] == [
        "hijri", "hijri", "gregorian",
    ]  # fmt: skip
    year = period_of(1448, "hijri", None, None)
    assert (year.first, year.last) == (date(2026, 6, 16), date(2027, 6, 5))
    assert year.holds(year.first) and year.holds(year.last) and not year.holds(date(2027, 6, 6))
    assert period_of(9999, "hijri", None, None).holds(date(2026, 1, 1))
