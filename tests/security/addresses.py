"""Every address of the academy, filled with every id that exists. A rule whose parts nobody can fill is an error."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import IntegerConverter, Rule

from academy.base.db import db
from academy.catalogue.models import Activity, CourseUnit
from academy.competencies.models import (
    Competency,
    CompetencyDomain,
)  # fmt: skip
from academy.learning.models import (
    ProgrammeGroup,
    ProgrammePrerequisite,
    ProgrammeStep,
)
from tests.security.ids import Ids
from tests.security.scene import Scene
from tests.turns import ALL

NOWHERE = {"int": "99999999", "string": "no-such-thing"}
KINDS = ("csv", "xlsx")
TYPES = (
    "single", "multiple", "true_false", "numeric", "ordering", "matching", "short_text", "categories", "gap_fill", "matrix",
    "ranking",
    "essay", "file",
    "hotspot", "drag_on_image", "calculated",
)  # fmt: skip


@dataclass(frozen=True)
class Address:
    """One address: `owner` is the letter of the house it belongs to, "" when it is nobody's or everybody's."""

    rule: Rule
    path: str
    owner: str
    nowhere: str

    @property
    def endpoint(self) -> str:
        """The name of the view."""
        return self.rule.endpoint


def parts_called(model) -> list[str]:
    """The keys of the parts of programmes: every house's programme has the same ones."""
    return sorted(set(db.session.scalars(select(model.key))))


def fillings(rule: Rule, ids: Ids) -> Iterator[tuple[dict, str]]:
    """Yield the parts of a rule with the letter of their owner."""
    slice_name, names = rule.endpoint.partition(".")[0], tuple(sorted(rule.arguments))
    match (slice_name, *names):
        case (_,):
            yield {}, ""
        case ("competencies", "key"):
            yield from (({"key": key}, owner) for key, owner in ids.competency_key())
        case ("competencies", "key", "person_id"):
            yield from (
                ({"key": key, "person_id": number}, owner)
                for key, _ in ids.competency_key()
                for number, owner in ids.person_id()
            )
        case ("files", "key"):
            yield from (({"key": key}, owner) for key, owner in ids.file_key())
        case (_, "key"):
            yield from (({"key": key}, owner) for key, owner in ids.course_key())
        case (_, "kind"):
            yield from (({"kind": kind}, "") for kind in KINDS)
        case (_, "key", ("kind" | "file_kind") as name) | (_, ("kind" | "file_kind") as name, "key"):
            yield from (({"key": key, name: kind}, owner) for key, owner in ids.course_key() for kind in KINDS)
        case (_, "key", "person_id"):
            for key, owner in ids.course_key():
                yield from (({"key": key, "person_id": number}, owner or whose) for number, whose in ids.person_id())
        case (_, "key", "quiz_version_id"):
            yield from (({"key": key, "quiz_version_id": number}, owner) for key, owner, number in ids.quizzes())
        case (_, "key", "unit_key"):
            yield from (({"key": key, "unit_key": part}, owner) for key, owner, part, _ in ids.parts(CourseUnit))
        case (_, "activity_key", "key"):
            yield from (({"key": key, "activity_key": part}, owner) for key, owner, part, _ in ids.parts(Activity))
        case (_, "activity_key", "enrolment_id"):
            yield from (({"enrolment_id": number, "activity_key": key}, owner) for number, key, owner in ids.steps())
        case (_, "person_id", "programme_key"):
            for key, owner in ids.programme_key():
                yield from (({"programme_key": key, "person_id": number}, owner) for number, _whose in ids.person_id())
        case (_, ("group_key" | "prerequisite_key") as name, "programme_key"):
            model = {"group_key": ProgrammeGroup, "prerequisite_key": ProgrammePrerequisite}[name]
            for key, owner in ids.programme_key():
                yield from (({"programme_key": key, name: part}, owner) for part in parts_called(model))
        case (_, ("code" | "domain_code") as name, "framework_key"):
            model = {"code": Competency, "domain_code": CompetencyDomain}[name]
            for key, owner in ids.framework_key():
                yield from (
                    ({"framework_key": key, name: part}, owner) for part in db.session.scalars(select(model.key))
                )
        case (_, "file_kind", "framework_key"):
            for key, owner in ids.framework_key():
                yield from (({"framework_key": key, "file_kind": kind}, owner) for kind in ("yaml", "csv", "case"))
        case (_, "framework_key", "version_number"):
            yield from (({"framework_key": key, "version_number": 1}, owner) for key, owner in ids.framework_key())
        case (_, "template_key", "version_number"):
            yield from (({"template_key": key, "version_number": 1}, owner) for key, owner in ids.template_key())
        case (_, "template_key", "use_id"):
            yield from (({"template_key": key, "use_id": 1}, owner) for key, owner in ids.template_key())
        case (_, "programme_key", "step_key"):
            for key, owner in ids.programme_key():
                yield from (({"programme_key": key, "step_key": part}, owner) for part in parts_called(ProgrammeStep))
        case (_, "activity_id"):
            yield from (({"activity_id": number}, owner) for _key, owner, _part, number in ids.parts(Activity))
        case (_, "quiz_version_id"):
            yield from (({"quiz_version_id": number}, owner) for _key, owner, number in ids.quizzes())
        case (_, "quiz_version_id", "seal"):
            yield from (({"quiz_version_id": number, "seal": "0"}, owner) for _key, owner, number in ids.quizzes())
        case (_, "announcement_id", "kind"):
            yield from (
                ({"announcement_id": n, "kind": kind}, owner) for n, owner in ids.announcement_id() for kind in KINDS
            )
        case (_, "activity_id", "kind"):
            numbers = {number: owner for number, _item, owner in ids.items()}
            yield from (
                ({"activity_id": n, "kind": kind}, owner) for n, owner in numbers.items() for kind in ("draw", "fixed")
            )
        case (_, "activity_id", "section_id"):
            yield from (({"activity_id": n, "section_id": key}, owner) for n, key, owner in ids.sections())
        case (_, "activity_id", "item_id"):
            yield from (({"activity_id": number, "item_id": item}, owner) for number, item, owner in ids.items())
        case (_, "activity_id", "plan_id"):
            numbers = {number: owner for number, _item, owner in ids.items()}
            yield from (({"activity_id": n, "plan_id": 1}, owner) for n, owner in numbers.items())
        case (_, "activity_id", "type_name"):
            numbers = {number: owner for number, _item, owner in ids.items()}
            yield from (
                ({"activity_id": n, "type_name": type}, owner) for n, owner in numbers.items() for type in TYPES
            )
        case ("assessment", "plan_id"):
            yield from (({"plan_id": number}, owner) for number, owner in ids.bank_plan_id())
        case ("assessment", "type_name"):
            yield from (({"type_name": type}, "") for type in TYPES)
        case (_, "attempt_id", "file_kind"):
            yield from (
                ({"attempt_id": number, "file_kind": kind}, owner)
                for number, owner in ids.attempt_id()
                for kind in ("csv", "json")
            )
        case ("assessment", "item_id", "number"):
            yield from (
                ({"item_id": item, "number": 1}, whose) for item, _version, _quiz, _owner, whose in ids.answers()
            )
        case (_, "quiz_id", "version_id"):
            yield from (({"quiz_id": quiz, "version_id": v}, owner) for _item, v, quiz, owner, _whose in ids.answers())
        case (_, "person_id", "quiz_id"):
            yield from (({"quiz_id": quiz, "person_id": 1}, owner) for quiz, owner in ids.quiz_id())
        case ("partners", "organisation_key", "token"):
            yield {"organisation_key": "no-such-thing", "token": "no-such-thing"}, ""
        case ("notices", "name"):
            yield from (({"name": kind}, "") for kind in ("course_assigned", "people_late"))
        case (_, name) if hasattr(ids, name):
            yield from (({name: value}, owner) for value, owner in getattr(ids, name)())
        case _:
            raise LookupError(f"nobody knows how to fill {rule.rule}: teach it to tests/security/addresses.py")


def all_rules(app: Flask, method: str) -> list[Rule]:
    """Return the rules that answer a method, by address."""
    return sorted(
        (rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())), key=lambda rule: rule.rule
    )


def addresses(app: Flask, scene: Scene, method: str, most: int = 1000) -> list[Address]:
    """Return every address that answers a method with every id there is.

    Of addresses with several parts two of each house are enough; `most` bounds those with one part too.
    """
    seen_by_all, taught, found, counted = Ids(scene), Ids(scene), [], Counter()
    taught.as_desks()
    with app.test_request_context():
        urls = app.url_map.bind("localhost")
        for rule in all_rules(app, method):
            nothing = {
                name: NOWHERE["int" if isinstance(c, IntegerConverter) else "string"]
                for name, c in rule._converters.items()
            }
            bound = min(most, 1000 if len(rule.arguments) < 2 else 2)
            for parts, owner in fillings(rule, taught if rule.rule.startswith(("/teach", "/marking")) else seen_by_all):
                counted[rule.rule, owner] += 1
                if counted[rule.rule, owner] > bound:
                    continue
                kinds = {name: value for name, value in parts.items() if name in ("kind", "file_kind", "type_name")}
                found.append(
                    Address(
                        rule, urls.build(rule.endpoint, parts), owner, urls.build(rule.endpoint, {**nothing, **kinds})
                    )
                )
    return found


def in_turn(every: list[Address], mine: str, first: int = 0) -> list[Address]:
    """Leave out what would be tried twice: houses are built alike, so at each door one shows its first thing, the next its second.

    Which begins changes from door to door, and with `first`. All is tried of what one house has more or fewer of than another.
    """
    if ALL:
        return every
    doors: dict[str, dict[str, list[Address]]] = {}
    for each in every:
        if each.owner not in ("", mine):
            doors.setdefault(each.rule.rule, {}).setdefault(each.owner, []).append(each)
    left_out = set()
    for door, houses in enumerate(doors.values(), first):
        if len({len(things) for things in houses.values()}) == 1:
            for place, things in enumerate(houses.values()):
                left_out |= {(each.path, each.owner) for n, each in enumerate(things, door) if n % len(houses) != place}
    return [each for each in every if (each.path, each.owner) not in left_out]
