"""What the audit trail holds is told in the reader's words, never in the keys of a table."""

import ast
from dataclasses import fields
from pathlib import Path

import pytest

from academy.accounts.routes.changes import NAMES, WORDS, told
from academy.accounts.rules_of_import import SHOWN
from academy.accounts.services import AcademyDetails, PersonDetails
from academy.assessment.services.accommodating import Dates, Terms
from academy.base import audit
from academy.base.db import db
from academy.catalogue.queries import titles
from academy.learning.queries.announcing import programme_titles
from academy.learning.queries.undoing import FATES
from academy.learning.services.working_days import EntryDetails
from academy.messages.rules import TIES
from tests.conftest import NOW
from tests.factories import accounts as make
from tests.factories import catalogue as courses
from tests.factories import learning, programmes

ROOT = Path(__file__).resolve().parent.parent.parent / "academy"
WRITERS = ("record", "_note", "_record", "_record_person", "record_reading")
HELD = {"before", "after"}


def kept_keys() -> set[str]:
    """The keys that the code writes into the trail where it calls for it."""
    found = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in WRITERS:
                dicts = [each.value for each in node.keywords if each.arg in HELD and isinstance(each.value, ast.Dict)]
                found |= {key.value for each in dicts for key in each.keys if isinstance(key, ast.Constant)}
    return found


def test_every_value_that_the_trail_keeps_has_a_name():
    assert len(kept_keys()) > 30
    assert sorted(kept_keys() - set(NAMES)) == []


def test_every_value_that_is_kept_as_a_whole_has_a_name():
    """What is written from a record and stands nowhere as a literal: forms of people and settings, files, terms."""
    records = PersonDetails, AcademyDetails, Terms, Dates, EntryDetails
    kept = {field.name for record in records for field in fields(record)} | {*SHOWN, *TIES, *FATES}
    assert sorted(kept - set(NAMES)) == []


def test_ids_are_told_by_the_names_of_what_they_mean_with_one_statement_for_all_kinds(visit, statements):
    agency = make.organisation()
    admin = visit(make.administrator(of=agency, everywhere=False, language="en"))
    boss, stranger = (
        make.person(of=agency, name=make.both("رئيسة", "The Boss")),
        make.person(name=make.both("غ", "Strange")),
    )
    unit = make.org_unit(of=agency, name=make.both("وحدة", "Harbour"))
    said = {"organisation_id": agency.id, "subject": ("person", boss.id, "x"), "at": NOW, "actor_id": None}
    course, programme = courses.course(of=agency), programmes.programme(of=agency)
    place = learning.enrolment(boss, course)
    audit.record(
        "accounts:person:change", after={"manager_id": boss.id, "org_unit_id": unit.id, "by": stranger.id}, **said
    )
    audit.record("accounts:org_unit:move", after={"parent_id": unit.id}, **said)
    audit.record("assessment:category:move", after={"parent_id": unit.id}, **said)
    ids = {"course": course.id, "enrolment": place.id, "programme": programme.id}
    audit.record("learning:programme:edit", after=ids, **said)
    db.session.flush()
    with statements() as seen:
        shown = [each.get_text() for each in admin.get("/admin/audit").select(".audit-values dd")]
    title, called = (
        queries([each.id])[each.id].en for queries, each in ((titles, course), (programme_titles, programme))
    )
    assert shown[:3] == [title, title, called]
    assert shown[3:5] == [str(unit.id), "Harbour"]
    assert sorted(shown[5:8]) == sorted(["The Boss", "Harbour", str(stranger.id)])
    assert len(seen) <= 8, "\n".join(seen)
    assert "The Boss" in admin.get(f"/admin/people/{boss.id}").select_one(".timeline").get_text()
    admin.get("/admin/audit.csv")
    assert "The Boss" in admin.response.data.decode() and "Strange" not in admin.response.data.decode()


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"state": "published"}, [("الحالة", "منشور")]),
        ({"active": True, "note": ""}, [("نشط", "نعم"), ("الملاحظة", "لا شيء")]),
        ({"due_on": "2026-09-23"}, [("الموعد النهائي", "23 سبتمبر 2026")]),
        ({"opens": "07:30:00"}, [("يبدأ في", "07:30")]),
        ({"name": {"ar": "قسم", "en": "Section"}}, [("الاسم", "قسم")]),
        ({"reminders": [60, 30]}, [("التذكيرات", "60؛ 30")]),
        ({"note": "draft"}, [("الملاحظة", "draft")]),
        ({"quite_new": 3}, [("quite new", "3")]),
    ],
)
def test_values_are_told_in_the_readers_words(app, values, shown):
    with app.test_request_context("/?", headers={"Accept-Language": "ar"}):
        named = told(values)
    assert [name for name, _value in named] == [name for name, _value in shown]
    assert all(expected in value for (_name, value), (_same, expected) in zip(named, shown, strict=True))


def test_words_are_told_only_where_the_academy_chose_them(app):
    """A reason that happens to be the word of a state stays as it was typed."""
    with app.test_request_context("/"):
        assert told({"reason": "draft"})[0][1] == "draft" and told({"state": "draft"})[0][1] == str(WORDS["draft"])
