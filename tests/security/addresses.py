"""Every address of the academy, filled with every id that exists. A rule whose parts nobody can fill is an error."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import IntegerConverter, Rule

from academy.accounts.models import (
    Deputyship,
    ImportPlan,
    MatrixLine,
    OneTimeLink,
    Organisation,
    OrgUnit,
    Person,
    PersonSession,
    RoleGrant,
)
from academy.assessment.models import (
    AccommodationDate,
    Attempt,
    AttemptItem,
    Question,
    QuestionCategory,
    QuestionComment,
    QuestionImport,
    Quiz,
    QuizItem,
    QuizSection,
    QuizVersion,
    Regrade,
)
from academy.base.db import db
from academy.base.jobs import Job
from academy.base.storage import StoredFile
from academy.catalogue.models import Activity, Course, CourseUnit, CourseVersion, GlossaryTerm
from academy.competencies.models import (
    Claim,
    Competency,
    CompetencyDomain,
    DevelopmentPlan,
    Framework,
    FrameworkImport,
    Observation,
    Rating,
    RatingVoice,
    Recomputation,
    RoleProfile,
)  # fmt: skip
from academy.credentials.models import Certificate, CertificateDoubt, SigningKey
from academy.insights.mailings.models import Mailing
from academy.insights.reports.models import Report, ReportFile
from academy.learning.models import (
    CalendarEntry,
    CalendarLink,
    DutyRule,
    Enrolment,
    Exemption,
    PlaceRequest,
    Programme,
    ProgrammeGroup,
    ProgrammePrerequisite,
    ProgrammeStep,
    RuleRun,
)
from academy.notices.models import Announcement, Letter, Notice
from academy.partners.models import Agreement, AgreementDocument, ServingRoster
from tests.security.scene import Scene

NOWHERE = {"int": "99999999", "string": "no-such-thing"}
KINDS = ("csv", "xlsx")
TYPES = (
    "single", "multiple", "true_false", "numeric", "ordering", "matching", "short_text", "categories", "gap_fill", "matrix",
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


class Ids:
    """The ids in the database by the names that addresses give them, each with its owner."""

    def __init__(self, scene: Scene) -> None:
        self.houses = {house.organisation.id: letter for letter, house in scene.houses.items()}
        self.people = dict(db.session.execute(select(Person.id, Person.organisation_id)).all())
        self.courses = self._courses()

    def _courses(self) -> dict[int, tuple[str, str]]:
        found = db.session.execute(select(Course.id, Course.key, Course.organisation_id, Course.audience))
        return {
            row.id: (row.key, "" if row.audience == "everyone" else self.house(row.organisation_id)) for row in found
        }

    def as_desks(self) -> None:
        """From now on a course belongs to the house that writes it, whoever may take it."""
        owners = dict(db.session.execute(select(Course.key, Course.organisation_id)).all())
        self.courses = {number: (key, self.house(owners[key])) for number, (key, _owner) in self.courses.items()}

    def house(self, organisation_id: int | None) -> str:
        """The letter of an organisation's house."""
        return self.houses.get(organisation_id or 0, "")

    def of(self, person_id: int | None) -> str:
        """The letter of a person's house."""
        return self.house(self.people.get(person_id or 0))

    def organisation_id(self):
        return [(row, self.house(row)) for row in db.session.scalars(select(Organisation.id))]

    def agreement_id(self):
        return self._of_houses(Agreement)

    def document_id(self):
        rows = select(AgreementDocument.id, Agreement.organisation_id)
        found = db.session.execute(rows.join(Agreement, Agreement.id == AgreementDocument.agreement_id))
        return [(key, self.house(owner)) for key, owner in found]

    def roster_number(self):
        rows = db.session.execute(select(ServingRoster.number, ServingRoster.organisation_id))
        return [(key, self.house(owner)) for key, owner in rows]

    def unit_id(self):
        return [(row.id, self.house(row.organisation_id)) for row in db.session.scalars(select(OrgUnit))]

    def person_id(self):
        return [(row, self.of(row)) for row in self.people]

    def _owned(self, column, person):
        return [(key, self.of(owner)) for key, owner in db.session.execute(select(column, person))]

    def grant_id(self):
        return self._owned(RoleGrant.id, RoleGrant.person_id)

    def deputyship_id(self):
        return self._owned(Deputyship.id, Deputyship.manager_id)

    def line_id(self):
        return self._owned(MatrixLine.id, MatrixLine.person_id)

    def session_id(self):
        return self._owned(PersonSession.id, PersonSession.person_id)

    def notice_id(self):
        return self._owned(Notice.id, Notice.person_id)

    def letter_id(self):
        return self._owned(Letter.id, Letter.person_id)

    def announcement_id(self):
        rows = db.session.execute(select(Announcement.id, Announcement.organisation_id))
        return [(key, self.house(owner) if owner else "") for key, owner in rows]

    def request_id(self):
        return self._owned(PlaceRequest.id, PlaceRequest.learner_id)

    def exemption_id(self):
        return self._owned(Exemption.id, Exemption.learner_id)

    def mailing_id(self):
        return self._owned(Mailing.id, Mailing.by_id)

    def feed_token(self):
        return self._owned(CalendarLink.token_digest, CalendarLink.person_id)

    def entry_id(self):
        return self._of_houses(CalendarEntry)

    def enrolment_id(self):
        return self._owned(Enrolment.id, Enrolment.learner_id)

    def rule_id(self):
        return self._of_houses(DutyRule)

    def run_id(self):
        found = select(RuleRun.id, DutyRule.organisation_id).join(DutyRule, DutyRule.id == RuleRun.rule_id)
        return [(key, self.house(owner)) for key, owner in db.session.execute(found)]

    def _of_houses(self, model):
        return [(key, self.house(owner)) for key, owner in db.session.execute(select(model.id, model.organisation_id))]

    def plan_id(self):
        return self._owned(ImportPlan.id, ImportPlan.owner_id)

    def question_id(self):
        banked = select(Question.id, Question.organisation_id).where(Question.course_id.is_(None))
        return [(key, self.house(owner)) for key, owner in db.session.execute(banked)]

    def category_id(self):
        found = db.session.execute(select(QuestionCategory.id, QuestionCategory.organisation_id))
        return [(key, self.house(owner)) for key, owner in found]

    def comment_id(self):
        return self._owned(QuestionComment.id, QuestionComment.author_id)

    def bank_plan_id(self):
        plans = select(QuestionImport.id, QuestionImport.organisation_id)
        found = db.session.execute(plans.where(QuestionImport.organisation_id.is_not(None)))
        return [(key, self.house(owner)) for key, owner in found]

    def attempt_id(self):
        return self._owned(Attempt.id, Attempt.learner_id)

    def date_id(self):
        return self._owned(AccommodationDate.id, AccommodationDate.person_id)

    def answers(self):
        """(item id, question version id, quiz id, owner of the course, owner of the attempt) of answers that people mark."""
        columns = (AttemptItem.id, AttemptItem.question_version_id, Attempt.quiz_id, Quiz.course_id, Attempt.learner_id)
        rows = db.session.execute(
            select(*columns)
            .join(Attempt, Attempt.id == AttemptItem.attempt_id)
            .join(Quiz, Quiz.id == Attempt.quiz_id)
            .where(AttemptItem.marking.is_not(None))
        )
        return [
            (item, version, quiz, self.courses[course][1], self.of(who)) for item, version, quiz, course, who in rows
        ]

    def item_id(self):
        return [(item, owner) for item, _version, _quiz, owner, _whose in self.answers()]

    def quiz_id(self):
        return [(quiz, self.courses[course][1]) for quiz, course in db.session.execute(select(Quiz.id, Quiz.course_id))]

    def regrade_id(self):
        rows = db.session.execute(select(Regrade.id, Quiz.course_id).join(Quiz, Quiz.id == Regrade.quiz_id))
        return [(number, self.courses[course][1]) for number, course in rows]

    def doubt_id(self):
        found = select(CertificateDoubt.id, Certificate.holder_id)
        rows = db.session.execute(found.join(Certificate, Certificate.id == CertificateDoubt.certificate_id))
        return [(number, self.of(holder)) for number, holder in rows]

    def number(self):
        return self._owned(Certificate.number, Certificate.holder_id)

    def credential(self):
        return [(row, "") for row in sorted(set(db.session.scalars(select(Certificate.credential))))]

    def list_number(self):
        return [(0, "")]

    def file_kind(self):
        return [("png", ""), ("svg", "")]

    def multikey(self):
        return [(row, "") for row in db.session.scalars(select(SigningKey.multikey))]

    def token(self):
        return self._owned(OneTimeLink.token_digest, OneTimeLink.person_id)

    def report_id(self):
        return self._owned(Report.id, Report.owner_id)

    def file_id(self):
        return self._owned(ReportFile.id, ReportFile.owner_id)

    def job_id(self):
        return [(row, "") for row in list(db.session.scalars(select(Job.id)))[:3]]

    def course_key(self):
        return list(self.courses.values())

    def file_key(self):
        found = db.session.execute(select(StoredFile.key, StoredFile.course_id))
        return [(key, self.courses[course][1] if course else "") for key, course in found]

    def competency_key(self):
        return [(row, "") for row in list(db.session.scalars(select(Competency.key)))[:2]]

    def read_id(self):
        return [(row, "") for row in db.session.scalars(select(FrameworkImport.id))]

    def profile_key(self):
        return [(row, "") for row in db.session.scalars(select(RoleProfile.key))]

    def framework_key(self):
        return [(row, "") for row in db.session.scalars(select(Framework.key))]

    def claim_id(self):
        return self._owned(Claim.id, Claim.person_id)

    def development_id(self):
        return self._owned(DevelopmentPlan.id, DevelopmentPlan.person_id)

    def observation_id(self):
        return self._owned(Observation.id, Observation.person_id)

    def rating_id(self):
        return self._owned(Rating.id, Rating.person_id)

    def voice_id(self):
        return self._owned(RatingVoice.id, RatingVoice.rater_id)

    def recomputation_id(self):
        return [(row, "") for row in db.session.scalars(select(Recomputation.id))]

    def programme_key(self):
        rows = db.session.execute(select(Programme.key, Programme.organisation_id))
        return [(key, self.house(owner)) for key, owner in rows]

    def term_key(self):
        return [(row, "") for row in db.session.scalars(select(GlossaryTerm.key))]

    def parts(self, model):
        """(course key, part's key or id, owner) of units or activities of drafts and published versions."""
        columns = select(CourseVersion.course_id, model.key, model.id).join(
            CourseVersion, CourseVersion.id == model.version_id
        )
        seen = db.session.execute(columns.where(CourseVersion.state == "draft"))
        return [(*self.courses[course], key, number) for course, key, number in seen]

    def quizzes(self):
        """(course key, owner, quiz version id) of published quizzes."""
        columns = select(Quiz.course_id, QuizVersion.id).join(QuizVersion, QuizVersion.quiz_id == Quiz.id)
        rows = db.session.execute(columns.where(QuizVersion.frozen_at.is_not(None)))
        return [(*self.courses[course], number) for course, number in rows]

    def items(self):
        """(activity id, item id, owner) of the quizzes of drafts."""
        rows = db.session.execute(
            select(Activity.id, Activity.content, CourseVersion.course_id)
            .join(CourseVersion, CourseVersion.id == Activity.version_id)
            .where(Activity.kind == "quiz", CourseVersion.state == "draft")
        )
        return [
            (number, item, self.courses[course][1])
            for number, content, course in rows
            for item in db.session.scalars(
                select(QuizItem.id).where(QuizItem.quiz_version_id == content["quiz_version_id"])
            )
        ]

    def sections(self):
        """(activity id, section id, owner) of the quizzes of drafts."""
        columns = select(Activity.id, Activity.content, CourseVersion.course_id)
        drafts = columns.join(CourseVersion, CourseVersion.id == Activity.version_id)
        rows = db.session.execute(drafts.where(Activity.kind == "quiz", CourseVersion.state == "draft"))
        found = [(number, content["quiz_version_id"], self.courses[course][1]) for number, content, course in rows]
        return [
            (number, section, owner)
            for number, quiz, owner in found
            for section in db.session.scalars(select(QuizSection.id).where(QuizSection.quiz_version_id == quiz))
        ]

    def steps(self):
        """(enrolment id, activity key, owner)."""
        rows = db.session.execute(select(Enrolment.id, Enrolment.learner_id, Enrolment.version_id))
        return [
            (number, key, self.of(learner))
            for number, learner, version in rows
            for key in db.session.scalars(select(Activity.key).where(Activity.version_id == version))
        ]


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
        case (_, "programme_key", "step_key"):
            for key, owner in ids.programme_key():
                yield from (({"programme_key": key, "step_key": part}, owner) for part in parts_called(ProgrammeStep))
        case (_, "activity_id"):
            yield from (({"activity_id": number}, owner) for _key, owner, _part, number in ids.parts(Activity))
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
