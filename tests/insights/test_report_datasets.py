"""Every dataset in full: each column can be listed, asked for and grouped by, and no row of another organisation is in it."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from academy.base import clock
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.queries import outline
from academy.competencies import services as competencies
from academy.competencies.models import Competency
from academy.credentials import services_of_holds
from academy.credentials.models import Certificate
from academy.insights.reports import naming
from academy.insights.reports.queries.datasets import DATASETS
from academy.insights.reports.queries.running import Run
from academy.insights.reports.reach import actor_of
from academy.insights.reports.rules import definitions, kinds
from academy.learning import services as learning
from academy.learning.models import Enrolment
from academy.learning.queries.ledger import ledger
from tests.conftest import undone
from tests.factories import accounts as people
from tests.factories import assessment, catalogue, credentials
from tests.factories import competencies as frameworks
from tests.factories.accounts import both
from tests.quick import again

CANARY = "QX7CANARY"


def house(word: str):
    """An organisation with a manager, an administrator and one person of whom every dataset has a row."""
    at, of = clock.now() - timedelta(days=3), people.organisation(name=both(f"جهة {word}", f"Agency {word}"))
    unit = people.org_unit(of, name=both(f"إدارة {word}", f"Unit {word}"))
    manager = people.manager(unit, name=both(f"مدير {word}", f"Boss {word}"))
    administrator = people.administrator(of, everywhere=False, name=both(f"مسؤول {word}", f"Admin {word}"))
    who = people.person(
        unit=unit, manager=manager, name=both(f"موظف {word}", f"Member {word}"), employee_number=f"{word}-1",
        job_title=both(f"عمل {word}", f"Job {word}"), email=f"{word.lower()}@example.test",
    )  # fmt: skip
    course = catalogue.course(title=both(f"مقرر {word}", f"Course {word}"), of=of, audience="organisation")
    learning.assign(course.id, [who.id], by_id=manager.id, due_on=clock.today() - timedelta(days=1), note=word, at=at)
    assessment.graded(assessment.quiz(course, title=both(f"اختبار {word}", f"Quiz {word}")), who, right=1, at=at)
    earned = catalogue.course(title=both(f"منجز {word}", f"Earned {word}"), of=of, audience="organisation")
    credentials.certificate(who, earned, at=at)
    number = db.session.scalar(select(Competency.id).where(Competency.key == "D1.1"))
    competencies.add_evidence(
        who.id, number, kind="attempt", ref=who.id, source="quiz", course_id=course.id, title=both(word, word), share=Fraction(1),
        items=5, supports_level=2, observed_at=at,
    )  # fmt: skip
    competencies.recompute(who.id, [number], at=at)
    db.session.flush()
    return SimpleNamespace(of=of, manager=manager, administrator=administrator, who=who, course=course, unit=unit)


@pytest.fixture(scope="module")
def built(the_app):
    """Two houses for all tests here: to build them takes longer than most of the tests."""
    with undone(the_app):
        frameworks.framework()
        made = SimpleNamespace(mine=house("QX7MINE"), theirs=house(CANARY))
        db.session.commit()
        yield made


@pytest.fixture
def houses(built, app):
    return again(built)


def run(dataset, actor, language="ar", **parts):
    found = definitions.read(parts, dataset.kinds, dataset.choices)
    return Run(dataset, found, actor, today=clock.today(), language=language)


def of_everything(dataset):
    return [column.key for column in dataset.columns]


@pytest.mark.parametrize("who", ["manager", "administrator"])
@pytest.mark.parametrize("key", sorted(DATASETS))
def test_a_dataset_holds_the_readers_people_and_nobody_elses(houses, key, who):
    """RE4: the rights are a filter of the dataset itself, for whoever runs it. CM12: competence data is one of them."""
    actor = actor_of(getattr(houses.mine, who).id)
    dataset = DATASETS[key]
    for language in ("ar", "en"):
        everything = run(dataset, actor, language, columns=of_everything(dataset))
        listed = everything.page(size=50, number=1)
        mine = [row for row in listed.rows if houses.mine.who.name in row]
        assert mine and len(mine[0]) == len(dataset.columns)
        assert CANARY not in repr(listed.rows) and CANARY.lower() not in repr(listed.rows)
        assert everything.batch(first=0, size=50) == list(listed.rows)
        assert everything.count() == listed.total == len(listed.rows)


@pytest.mark.parametrize("key", sorted(DATASETS))
def test_an_employee_reads_nobody(houses, key):
    assert run(DATASETS[key], actor_of(houses.mine.who.id)).count() == 0


@pytest.mark.parametrize("key", sorted(DATASETS))
def test_an_administrator_of_the_academy_reads_all(houses, key):
    dataset = DATASETS[key]
    rows = run(dataset, actor_of(people.administrator().id), columns=of_everything(dataset)).batch(first=0, size=99)
    assert {"QX7MINE", CANARY} <= {word for word in ("QX7MINE", CANARY) if word in repr(rows)}


@pytest.mark.parametrize("key", sorted(DATASETS))
def test_every_column_can_be_asked_for_in_every_way(houses, key):
    """Each operator of each column runs on the database, for lists and for figures; a foreign value finds no foreign row."""
    dataset, actor = DATASETS[key], actor_of(houses.mine.manager.id)
    values = {
        kinds.TEXT: [CANARY], kinds.NAME: [CANARY], kinds.NUMBER: ["0", "9"], kinds.SHARE: ["0", "100"],
        kinds.DAY: ["2020-01-01", "2030-01-01"], kinds.MOMENT: ["2020-01-01", "2030-01-01"], kinds.FLAG: [],
    }  # fmt: skip
    for column in dataset.columns:
        parts = []
        for operator in kinds.OPERATORS[column.kind]:
            given = ["7"] if operator.endswith("_days") else values.get(column.kind) or list(column.choices)[:2]
            parts.append({"column": column.key, "operator": operator, "values": given})
            found = run(dataset, actor, where={"parts": parts[-1:]}, columns=[column.key])
            assert CANARY not in repr(found.page(size=9, number=1).rows)
        figures = run(dataset, actor, where={"parts": parts, "joined": "any"}, measures=[["count", ""]])
        assert CANARY not in repr(figures.grouped(5))


@pytest.mark.parametrize("key", sorted(DATASETS))
def test_every_column_can_be_grouped_by_or_measured(houses, key):
    dataset, actor = DATASETS[key], actor_of(houses.mine.administrator.id)
    kinds_of = dataset.kinds
    for name, kind in kinds_of.items():
        if definitions.groupable(kind):
            found = run(
                dataset,
                actor,
                groups=[name, "unit" if name != "unit" else "job"],
                measures=[["count", ""], ["people", ""]],
            )
            assert CANARY not in repr(found.grouped(5))
        measures = [[how, name] for how in definitions.MEASURES if definitions.measurable(how, kind)]
        if measures:
            run(dataset, actor, "en", groups=["unit"], measures=measures).grouped(5)
        run(dataset, actor, columns=[name], order=[name, True]).page(size=5, number=1)


def test_a_small_group_tells_no_figure_not_even_through_its_total(houses):
    """RE4: two people in one unit and seven in another: neither the small group nor what would give it away is told."""
    unit = people.org_unit(houses.mine.of, name=both("كبيرة", "Large"))
    for _n in range(7):
        people.person(unit=unit)
    dataset, actor = DATASETS["people"], actor_of(houses.mine.administrator.id)
    found = run(dataset, actor, "en", groups=["unit"], measures=[["count", ""], ["average", "open"]]).grouped(5)
    assert [row.groups for row in found.rows if not row.hidden] == []
    assert all(figure is None for row in found.rows for figure in row.figures)
    assert found.total is not None and found.total.figures[0] == 10
    assert found.hidden == 3


def test_the_figures_of_groups_are_right(houses):
    unit, other = (people.org_unit(houses.mine.of, name=both(name, name)) for name in ("A", "B"))
    course = catalogue.course(lessons=1)
    for place in range(12):
        who = people.person(unit=unit if place < 6 else other)
        learning.enrol(who.id, course.id, at=clock.now())
    dataset, actor = DATASETS["enrolments"], actor_of(houses.mine.administrator.id)
    asked = {"parts": [{"column": "unit", "operator": "is", "values": [name]} for name in "ab"], "joined": "any"}
    figures = [["count", ""], ["people", ""], ["sum", "done"], ["average", "progress"]]
    found = run(dataset, actor, "en", groups=["unit", "state"], measures=figures, where=asked).grouped(5)
    assert [(row.groups, row.subtotal, row.figures) for row in found.rows] == [
        (("A",), True, (6, 6, 0, 0.0)), (("A", "not_started"), False, (6, 6, 0, 0.0)),
        (("B",), True, (6, 6, 0, 0.0)), (("B", "not_started"), False, (6, 6, 0, 0.0)),
    ]  # fmt: skip
    assert found.total.figures[0] == 12 and found.hidden == 0
    assert isinstance(found.rows[0].groups[0], str) and not isinstance(found.rows[0].groups[0], LocalizedText)


def test_the_answers_dataset_tells_neither_question_nor_key(houses):
    """RE4: facts about each answer, without what was asked or what is right."""
    dataset = DATASETS["items"]
    rows = run(dataset, actor_of(houses.mine.manager.id), columns=of_everything(dataset)).batch(first=0, size=9)
    assert len(rows) == 2 and "السؤال" not in repr(rows) and "خيار" not in repr(rows)


def test_a_score_that_learners_never_see_is_in_no_report(houses):
    quiz = assessment.quiz(houses.mine.course, release="none")
    assessment.graded(quiz, houses.mine.who, right=1)
    actor = actor_of(houses.mine.manager.id)
    rows = run(DATASETS["attempts"], actor, columns=["quiz", "score", "passed"]).batch(first=0, size=9)
    assert sorted((row[1] is None, row[2] is None) for row in rows) == [(False, False), (True, True)]
    assert run(DATASETS["items"], actor).count() == 2


def test_a_manager_of_a_unit_reads_no_colleague_elsewhere_in_the_organisation(houses):
    people.person(unit=people.org_unit(houses.mine.of), name=both("زميل", "QX7PEER"))
    dataset = DATASETS["people"]
    rows = run(dataset, actor_of(houses.mine.manager.id), columns=of_everything(dataset)).batch(first=0, size=9)
    assert "QX7PEER" not in repr(rows) and len(rows) == 1


def test_a_manager_from_outside_is_not_named(houses):
    """A reporting line over the wall of organisations names nobody behind it."""
    houses.mine.who.manager_id = houses.theirs.manager.id
    db.session.flush()
    rows = run(DATASETS["people"], actor_of(houses.mine.administrator.id), columns=["person", "manager"]).batch(
        first=0, size=9
    )
    assert CANARY not in repr(rows)


def test_a_report_says_the_hours_and_the_time_of_the_persons_page(houses, visit):
    """RE12: one ledger, so that a report and the page of a person never differ, in all and by course."""
    house = houses.mine
    place = db.session.query(Enrolment).filter_by(learner_id=house.who.id, course_id=house.course.id).one()
    activity = outline(place.version_id).activities[0].id
    for minute in range(1, 84):
        at = clock.now() - timedelta(hours=9) + timedelta(minutes=minute)
        learning.count_time(house.who.id, place.id, activity, 60, at=at)
    credentials.completed(house.who, catalogue.course(hours=Decimal("2.5"), of=house.of), at=clock.now())
    db.session.expire_all()
    reader, found = actor_of(house.manager.id), ledger(house.who.id)
    columns = ["person", "time_spent", "hours_credited"]
    rows = run(DATASETS["people"], reader, columns=columns).page(size=50, number=1).rows
    minutes, hours = next(row[1:] for row in rows if house.who.name in row)
    assert (minutes, hours) == (found.whole.minutes, found.whole.credited) == (83, Decimal("2.5"))
    columns = ["person", "time_spent", "hours_credited"]
    rows = run(DATASETS["enrolments"], reader, columns=columns).page(size=50, number=1).rows
    mine = sorted((row[1], row[2]) for row in rows if house.who.name in row)
    assert mine == sorted((each.minutes, each.credited) for each in found.places)
    words = visit(house.manager).get(f"/team/people/{house.who.id}").words
    assert "ساعة و23 دقيقة" in words or "1 س 23 د" in words, words


def test_a_list_sums_what_adds_up_over_all_its_rows_and_nothing_else(houses):
    """RE4: minutes add up, the number of a cycle or a level does not; rows of others are in no sum."""
    dataset, reader = DATASETS["enrolments"], actor_of(houses.mine.manager.id)
    found = run(dataset, reader, columns=["person", "cycle", "done", "hours"])
    rows = found.page(size=1, number=1)
    every = found.batch(first=0, size=50)
    assert rows.total == len(every) == 2
    assert found.sums() == {"done": sum(row[2] for row in every), "hours": sum(float(row[3]) for row in every)}
    assert run(dataset, reader, columns=["person", "course"]).sums() == {}
    adding = {
        column.key
        for each in DATASETS.values()
        for column in each.columns
        if column.kind == kinds.NUMBER and not column.adds_up
    }
    assert adding == {"cycle", "number", "score", "target"}


def test_whoever_has_several_role_profiles_is_one_row_asked_the_highest_level(houses):
    """Else a person is counted for each of them, and told met and unmet of the same competency."""
    house, at = houses.mine, clock.now()
    for key, level in (("clerk", 1), ("coach", 4)):
        row = competencies.create_profile(key, both(key, key), actor_id=None, at=at)
        competencies.save_profile(row, both(key, key), {"D1.1": level}, revision=1, actor_id=None, at=at)
        competencies.publish_profile(row, revision=None, actor_id=None, at=at)
    competencies.set_profiles(house.who.id, ["clerk", "coach"], at=at)
    reader = actor_of(house.manager.id)
    asked = run(DATASETS["competencies"], reader, columns=["person", "target", "met"]).page(size=9, number=1)
    assert [row[1:] for row in asked.rows] == [(4, False)]
    listed = run(DATASETS["people"], reader, columns=["person", "profile"]).page(size=9, number=1)
    assert [row[1].en for row in listed.rows if house.who.name in row] == ["clerk, coach"]
    assert run(DATASETS["people"], reader).count() == listed.total


def test_a_suspended_certificate_is_valid_in_no_figure(houses):
    house = houses.mine
    reader = actor_of(house.manager.id)
    people_of, papers = DATASETS["people"], DATASETS["credentials"]
    held = db.session.scalar(select(Certificate).where(Certificate.holder_id == house.who.id))

    def told():
        counts = [row[1] for row in run(people_of, reader, columns=["person", "certificates"]).batch(first=0, size=9)]
        return sum(counts), [row[0] for row in run(papers, reader, columns=["state"]).batch(first=0, size=9)]

    assert told() == (1, ["valid"])
    services_of_holds.hold(held.id, reason_class="inquiry", reason="x", actor_id=1, at=clock.now())
    assert told() == (0, ["held"])


@pytest.mark.parametrize(("key", "column"), [("attempts", "score"), ("enrolments", "result"), ("items", "earned")])
def test_a_score_is_rounded_down_as_on_the_learners_own_page(houses, key, column):
    """Nobody is shown 70 % who did not pass with 69.6 %; a progress is rounded as everywhere else."""
    assert naming.value(DATASETS[key].column(column), 69.6) == "69%"
    assert naming.value(DATASETS["enrolments"].column("progress"), 69.6) == "70%"
