"""A small academy to attack: three organisations, each with everything a door could leak, marked with a canary.

A canary is a word that stands in every text of an organisation and nowhere else: the names of its people and units,
its courses, quizzes, files, notices, letters, notes, evidence. Nobody outside may ever receive it.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import select

from academy.accounts import services as accounts
from academy.accounts.models import Organisation, OrgUnit, Person
from academy.assessment import services as assessment
from academy.assessment.models import Attempt, IntegrityEvent, QuizVersion
from academy.assessment.queries_of_exchange import BankDesk
from academy.assessment.queries_of_groups import Reach
from academy.assessment.rules.bank import tags_in
from academy.assessment.rules.lines import DrawLine
from academy.base import clock, storage
from academy.base.db import db
from academy.catalogue import services as catalogue
from academy.catalogue.models import Activity, Course
from academy.catalogue.queries import published_version
from academy.competencies import services as competencies
from academy.competencies.models import Competency
from academy.credentials import services_of_asking as asking_names
from academy.credentials import services_of_correcting as correcting
from academy.credentials import services_of_revoking as revoking
from academy.credentials import services_of_templates as templates
from academy.credentials import services_of_transcripts as transcripts
from academy.credentials.models import CertificateDoubt
from academy.credentials.rules_of_looks import Look
from academy.devdata.reading import CONTENT
from academy.insights.mailings import services as mailings
from academy.insights.reports import reach
from academy.insights.reports import services as reports
from academy.learning import services as learning
from academy.learning.models import Enrolment
from academy.learning.services import programmes as programme_services
from academy.notices import kinds
from academy.notices import services as notices
from academy.notices.models import Notice
from tests.factories import accounts as people
from tests.factories import announcing, credentials, duties, programmes
from tests.factories import assessment as quizzes
from tests.factories import catalogue as courses
from tests.factories import competencies as frameworks
from tests.factories import credentials as papers
from tests.factories.accounts import both
from tests.security import scene_of_discussions, scene_of_evidence, scene_of_messages, scene_of_partners

CANARIES = {"a": "QX7ALPHA", "b": "QX7BRAVO", "c": "QX7CHARLIE"}
PEER = "QX7PEER"
COMMON = "مستهدف"


@dataclass
class House:
    """One organisation with its people and things."""

    letter: str
    organisation: Organisation
    unit: OrgUnit
    administrator: Person
    manager: Person
    trainer: Person
    learner: Person
    colleague: Person
    invited: Person
    course: Course
    quiz: QuizVersion
    graded: Attempt
    open: Attempt
    enrolment: Enrolment
    certificate: object
    file_key: str
    plan_id: int
    token: str
    notice: Notice

    @property
    def canary(self) -> str:
        """The word that marks this organisation's texts."""
        return CANARIES[self.letter]


@dataclass
class Scene:
    """All houses, the course for everyone, and who looks after the whole academy."""

    root: Person
    shared: Course
    houses: dict[str, House] = field(default_factory=dict)

    def __getitem__(self, letter: str) -> House:
        return self.houses[letter]


def said(letter: str, what: str):
    """A text of an organisation in both languages, with its canary and the word that searches find."""
    return both(f"{COMMON} {what} {CANARIES[letter]}", f"Target {what} {CANARIES[letter]}")


def build() -> Scene:
    """Set the whole scene."""
    at = clock.now() - timedelta(hours=2)
    competencies.open_draft(frameworks.framework(), actor_id=None, at=at)
    root = people.administrator(of=people.organisation(), name=both("الإدارة", "Root"), email="root@example.test")
    scene = Scene(root, None)
    made = {letter: _people(letter) for letter in CANARIES}
    scene.shared = _course(
        made["a"]["trainer"], both("مقرر للجميع", "A course for everyone"), audience="everyone", public=True
    )
    catalogue.add_term(catalogue.TermDetails(term=both("مستهدف", "target")), at=at, actor_id=root.id)
    _framework_file(root, at)
    for letter, who in made.items():
        scene.houses[letter] = _house(letter, who, scene.shared, at)
    scene_of_evidence.add(scene, at)
    scene_of_discussions.add(scene, at)
    scene_of_evidence.add_keys(scene)
    scene_of_partners.add(scene, CANARIES["b"], _about("b", "leaver", PEER))
    scene_of_messages.add(scene, at)
    db.session.commit()
    _let_go(scene)
    return scene


def _framework_file(root: Person, at) -> None:
    """A file of a framework that the academy's administrator has chosen and not yet taken over."""
    shipped = (CONTENT / "competencies.yaml").read_bytes()
    competencies.read_framework(
        shipped, "shared.yaml", framework=None, key="shared-framework", prefix="X-", owner_id=root.id, at=at
    )


def _let_go(scene: Scene) -> None:
    """Read every row once more and take it out of the session, so that it can be read whatever is undone."""
    for thing in (scene, *scene.houses.values()):
        for name, row in vars(thing).items():
            if isinstance(row, db.Model):
                setattr(thing, name, db.session.get_one(type(row), row.id))
    for thing in (scene, *scene.houses.values()):
        for row in vars(thing).values():
            if isinstance(row, db.Model) and row in db.session:
                db.session.refresh(row)
                db.session.expunge(row)


def _people(letter: str) -> dict:
    canary = CANARIES[letter]
    # The first one owns the course for everyone, so its name may be known.
    name = both("الجهة الأولى", "The first agency") if letter == "a" else said(letter, "جهة")
    of = people.organisation("partner" if letter == "b" else "agency", name=name, key=f"house-{letter}")
    unit = people.org_unit(of, name=said(letter, "إدارة"))
    manager = people.manager(unit, **_about(letter, "manager"))
    who = {
        "organisation": of,
        "unit": unit,
        "manager": manager,
        "administrator": people.administrator(of, everywhere=False, **_about(letter, "administrator")),
        "trainer": people.trainer(of, **_about(letter, "trainer")),
        "learner": people.person(unit=unit, manager=manager, **_about(letter, "learner")),
        "colleague": people.person(unit=unit, manager=manager, **_about(letter, "colleague", PEER)),
        "invited": people.person(unit=unit, state="invited", **_about(letter, "invited", PEER)),
    }
    for each in who.values():
        if isinstance(each, Person):
            each.search_text = accounts.people.search_text_of(each.name, each.email, each.employee_number)
            accounts.start_session(each.id, at=clock.now(), address="192.0.2.7", browser=f"Browser {canary}")
    return who


def _about(letter: str, role: str, more: str = "") -> dict:
    canary = CANARIES[letter]
    return {
        "email": f"{role}.{canary.lower()}{more.lower()}@example.test",
        "name": both(f"{COMMON} {role} {canary} {more}".strip(), f"Target {role} {canary} {more}".strip()),
        "job_title": said(letter, "وظيفة"),
        "employee_number": f"{canary}-{role}",
    }


def _course(trainer: Person, title, letter: str = "", **given) -> Course:
    """A published course of lesson, exercise, file and quiz, with a draft of the next version."""
    at = clock.now() - timedelta(hours=3)
    course = courses.course(
        trainer=trainer, published=False, units=0, title=title, key=f"course-of-{letter or 'all'}", **given
    )
    draft = catalogue.draft_of(course, at=at)
    named = (lambda what: said(letter, what)) if letter else (lambda what: both(f"{what} للجميع", f"{what} for all"))
    unit = courses.unit(draft, title=named("وحدة"))
    body = named("نص")
    courses.lesson(unit, title=named("درس"), content=courses.lesson_content(body.ar, body.en))
    courses.classify(unit, title=named("تمرين"))
    kept = storage.keep(
        storage.check(named("ملف").ar.encode(), f"{named('ملف').en}.txt", most=10_000),
        at=at, by=trainer.id, course_id=course.id,
    )  # fmt: skip
    described = {"file_key": kept.key, "file_name": kept.name, "media_type": kept.media_type, "size": kept.size}
    courses.activity(unit, "file", title=named("ملف"), content={"note": named("ملاحظة").as_dict(), **described})
    quiz = courses.activity(unit, "quiz", title=named("اختبار"))
    version = db.session.get(QuizVersion, quiz.content["quiz_version_id"])
    for type in ("single", "short_text"):
        stem = named("سؤال").as_dict()
        quizzes.question(version, type, competency_key="D1.1", content=quizzes.content(type, stem=stem))
    quizzes.in_bank(course.organisation_id, competency_key="D9.1")
    quizzes.section(version, DrawLine(1, competencies=("D9",)), title=named("قسم"))
    catalogue.publish(course, actor_id=trainer.id, at=at)
    catalogue.draft_of(course, at=at)
    return course


def _house(letter: str, who: dict, shared: Course, at) -> House:
    of, manager, learner, colleague = who["organisation"], who["manager"], who["learner"], who["colleague"]
    course = _course(who["trainer"], said(letter, "مقرر"), letter, audience="organisation")
    enrolment = learning.enrol(learner.id, course.id, at=at)
    for each in (learner, colleague):
        learning.enrol(each.id, shared.id, at=at)
    learning.assign(
        course.id,
        [colleague.id],
        by_id=manager.id,
        due_on=date(2030, 1, 1),
        note=said(letter, "تكليف").ar,
        at=at,
        undoable=True,
    )
    quiz = _quiz_of(course)
    quizzes.graded(_quiz_of(shared), learner, at=at)
    graded = quizzes.graded(quiz, learner, right=1, at=at)
    opened = assessment.start_attempt(quiz.id, colleague.id, at=at)
    assessment.accommodate(
        learner, assessment.Terms(extra_percent=25, note=said(letter, "تيسير").ar), actor_id=None, at=at
    )
    assessment.grant_dates(
        quiz.quiz_id, colleague, assessment.Dates(ends_at=at + timedelta(days=400)), actor_id=None, at=at
    )
    assessment.grant_group(
        Reach(of.id, "organisation"), assessment.Terms(extra_percent=5, note=said(letter, "تيسير").ar), assessment.Dates(),
        quiz_id=None, everywhere=False, actor_id=who["administrator"].id, at=at,
    )  # fmt: skip
    assessment.note_review(graded.id, "noted", said(letter, "مراجعة").ar, by_id=who["trainer"].id, at=at)
    db.session.add(IntegrityEvent(attempt_id=graded.id, kind="away", at=at, seconds=90, detail={}))
    earned = courses.course(of=of, title=said(letter, "مقرر منجز"), audience="organisation", key=f"earned-in-{letter}")
    certificate = credentials.certificate(learner, earned, at=at)
    competency_id = db.session.scalar(select(Competency.id).where(Competency.key == "D1.1"))
    for each in (learner, colleague):
        competencies.add_evidence(
            each.id, competency_id, kind="attempt", ref=900 + each.id, source=f"quiz:{letter}", course_id=course.id,
            title=said(letter, "دليل"), share=Fraction(1), items=5, supports_level=2, observed_at=at,
        )  # fmt: skip
        competencies.recompute(each.id, [competency_id], at=at)
        words = {"course": said(letter, "مقرر"), "by": manager.name, "note": said(letter, "تنبيه").ar}
        notice = notices.tell(
            each.id, kinds.COURSE_ASSIGNED, f"scene:{letter}:{each.id}", at=at, address="/courses", **words
        )
    _announce(letter, who, course, at)
    accounts.add_matrix_manager(learner, colleague.email, said(letter, "مشروع"), actor_id=None, at=at)
    today = clock.today()
    accounts.name_deputy(
        manager,
        who["administrator"].email,
        starts_on=today,
        ends_on=today + timedelta(days=9),
        actor_id=None,
        at=clock.now(),
    )
    _to_mark(letter, course, colleague, at)
    regrade = assessment.propose_regrade(
        quiz.quiz_id, quizzes.items(graded)[0].question_version_id, "void", reason=said(letter, "سبب").ar,
        by_id=who["trainer"].id, at=at,
    )  # fmt: skip
    db.session.add(
        CertificateDoubt(certificate_id=certificate.id, regrade_id=regrade.id, attempt_id=graded.id, raised_at=at)
    )
    why = said(letter, "سبب السحب").ar
    name = said(letter, "اسم مصحَّح")
    proof = CANARIES[letter].encode(), f"{CANARIES[letter]}.txt"
    asking_names.ask(certificate.id, name=name, reason=why, proof=proof, actor_id=certificate.holder_id, at=at)
    correcting.propose(certificate.id, name=name, reason=why, actor_id=who["administrator"].id, at=at)
    revoking.propose(certificate.id, reason_class="error", reason=why, actor_id=who["administrator"].id, at=at)
    transcripts.issue(learner, actor_id=learner.id, at=at)
    token = accounts.invite(who["invited"], at=clock.now())
    people.address_change(who["colleague"], f"moved.{CANARIES[letter].lower()}@example.test", at=at)
    learning.renew_calendar(who["learner"].id, at=at)
    duties.in_house(of, said(letter, "واجب"), earned, at=at)
    rows = [[2, {"email": f"new.{CANARIES[letter].lower()}@example.test", "name_ar": said(letter, "جديد").ar}]]
    plan = accounts.keep_plan(
        {"rows": rows, "ignored": []}, organisation_id=of.id, file_name=f"{CANARIES[letter]}.csv",
        owner_id=who["administrator"].id, at=clock.now(),
    )  # fmt: skip
    old = f"{learner.email},{course.key},2020-01-01,2021-01-01,{CANARIES[letter]}-OLD"
    papers.earlier_file(who["administrator"], of, old, at=clock.now(), name=f"{CANARIES[letter]}.csv")
    _programme_of(letter, who, course, at)
    _request_of(letter, who, at)
    _exempt(letter, who, at)
    _write_to(letter, manager, course, at)
    _bank(letter, who["trainer"], at)
    _reports(letter, manager, at)
    _template(letter, of, who["administrator"], at)
    file = next(row for row in _contents(course) if row.get("file_key"))
    return House(
        letter=letter, course=course, quiz=quiz, graded=graded, open=opened, enrolment=enrolment, certificate=certificate,
        file_key=file["file_key"], plan_id=plan.id, token=token, notice=notice, **who,
    )  # fmt: skip


def _announce(letter: str, who: dict, course: Course, at) -> None:
    """A published announcement to the house's people, and a draft of another; the same to the learners of the course."""
    about = {"audience": "everyone", "place": who["organisation"], "shown_until": None}
    for published in (True, False):
        row = notices.write_announcement(
            None, title=said(letter, "إعلان"), text=said(letter, "نص الإعلان"), actor_id=who["administrator"].id, at=at, **about
        )  # fmt: skip
        if published:
            notices.publish_announcement(row, actor_id=who["administrator"].id, at=at)
            for each in (who["learner"], who["colleague"]):
                notices.tell_of(row, each.id, at=at)
        make = announcing.published if published else announcing.drafted
        words = {"title": said(letter, "إعلان المقرر"), "text": said(letter, "نص للمتدربين")}
        make(course, who["trainer"], who["organisation"], at=at, **words)


def _request_of(letter: str, who: dict, at) -> None:
    """A request that waits for the manager, for a course whose one seat is taken and for which a colleague waits."""
    of, learner, colleague = who["organisation"], who["learner"], who["colleague"]
    course = courses.course(of=of, title=said(letter, "مقرر بطلب"), audience="organisation", key=f"asked-in-{letter}")
    about = {"course_id": course.id, "actor_id": None, "organisation_id": of.id, "label": "x", "at": at}
    learning.change_entry(learning.Entry(seats=1, waits=True), **about)
    learning.enrol(who["trainer"].id, course.id, at=at)
    learning.wait_for_seat(colleague.id, course.id, at=at)
    learning.change_entry(learning.Entry(way="request", seats=1, waits=True), **about)
    learning.ask(learner.id, learning.Wanted(course_id=course.id), note=said(letter, "طلب").ar, at=at)


def _exempt(letter: str, who: dict, at) -> None:
    """A colleague who is exempted from a course."""
    course = courses.course(
        of=who["organisation"],
        title=said(letter, "مقرر معفى منه"),
        audience="organisation",
        key=f"exempted-in-{letter}",
    )
    request = learning.ask_exemption(who["colleague"].id, course.id, note=said(letter, "إعفاء").ar, at=at)
    learning.decide(request.id, approve=True, reason=said(letter, "قرار").ar, by_id=who["administrator"].id, at=at)


def _template(letter: str, of, administrator: Person, at) -> None:
    """A template of the house's own certificates, with a draft that waits for a second person."""
    name, by = said(letter, "قالب"), {"actor_id": administrator.id, "at": at}
    made = templates.create(name, organisation_id=of.id, **by)
    look = Look(closing=said(letter, "ختام"))
    templates.save_draft(made.id, templates.Edit(name, look), seen=0, **by)
    templates.ask(made.id, seen=1, **by)


def _write_to(letter: str, manager: Person, course: Course, at) -> None:
    """A letter of the manager to those who have not begun a course, not sent yet."""
    whom = mailings.Whom(course.id, "not_started", None)
    words = {"title": said(letter, "رسالة"), "text": said(letter, "نص الرسالة")}
    mailings.write(reach.actor_of(manager.id), whom, at=at, **words)


def _programme_of(letter: str, who: dict, course: Course, at) -> None:
    """A programme of the house's own, with a draft, in which its people wait, sign and learn."""
    pledge = programme_services.PrerequisiteDetails("undertaking", said(letter, "تعهد"), said(letter, "نص التعهد"))
    step = programme_services.StepDetails("project", title=said(letter, "مشروع"), note=said(letter, "ملاحظة"))
    programme = programmes.programme(
        who["organisation"], title=said(letter, "برنامج"), key=f"programme-of-{letter}",
        groups=[(None, [programmes.for_course(course), step])], prerequisites=[pledge, programmes.IDENTITY],
    )  # fmt: skip
    for each in (who["learner"], who["colleague"]):
        programmes.place(programme, each, at=at)
    programme_services.programme_draft(programme, at=at)


def _reports(letter: str, manager: Person, at) -> None:
    """A report of the manager's with a filter, shared with managers, sent by letter, and a file made of it."""
    reader = reach.actor_of(manager.id)
    report = reports.create(reader, said(letter, "تقرير").ar, "enrolments", at=at)
    words = [{"column": "course", "operator": "contains", "values": [COMMON]}]
    reports.keep(report, at=at, where={"joined": "all", "parts": words})
    reports.share_with_role(report, "manager", reader, at=at)
    reports.subscribe(report, reader, "weekly", at=at)
    reports.order_file(report, reader, "csv", 1, at=clock.now())


def _bank(letter: str, trainer: Person, at) -> None:
    """A category, a tagged and discussed question in it, and a file that waits for a decision."""
    shelf = assessment.create_category(trainer.organisation_id, said(letter, "تصنيف"), at=at, by_id=trainer.id)
    written = assessment.Written("single", quizzes.content("single", stem=said(letter, "سؤال في البنك").as_dict()))
    question = assessment.add_to_bank(
        trainer.organisation_id, written, category_id=shelf.id, tags=tags_in(said(letter, "وسم").ar), at=at,
        by_id=trainer.id,
    )  # fmt: skip
    assessment.add_comment(question.id, said(letter, "تعليق").ar, at=at, by_id=trainer.id)
    assessment.plan_import(
        BankDesk(trainer.organisation_id, shelf), f"{CANARIES[letter]} {{=a ~b}}".encode(), f"{CANARIES[letter]}.gift",
        format="gift", language=None, competencies=None, owner_id=trainer.id, at=clock.now(),
    )  # fmt: skip


def _to_mark(letter: str, course: Course, learner: Person, at) -> None:
    """An essay and a file of a learner that wait for marks, in a quiz of the course."""
    version = quizzes.quiz(course, types=("essay", "file"), shuffle=False, title=said(letter, "مقالي"))
    attempt = quizzes.attempt(version, learner, at=at)
    assessment.save_response(attempt.id, 1, {"text": said(letter, "إجابة").ar}, at=at)
    assessment.add_file(attempt, 2, said(letter, "ملف").ar.encode(), f"{CANARIES[letter]}.txt", at=at)
    assessment.submit(attempt.id, at=at)


def _contents(course: Course) -> list[dict]:
    version = published_version(course.id)
    return list(db.session.scalars(select(Activity.content).where(Activity.version_id == version.id)))


def _quiz_of(course: Course) -> QuizVersion:
    kept = next(row for row in _contents(course) if row.get("quiz_version_id"))
    return db.session.get(QuizVersion, kept["quiz_version_id"])
