"""The addresses of the pages on which courses, questions, programmes and the bank are kept."""

from datetime import timedelta

from flask import url_for
from sqlalchemy import select

from academy.accounts.models import Person
from academy.assessment import services as assessment
from academy.assessment.models import (
    Attempt,
    IntegrityEvent,
    Question,
    QuestionCategory,
    QuestionVersion,
)
from academy.assessment.queries_of_editing import edited_quiz
from academy.assessment.queries_of_exchange import BankDesk
from academy.assessment.rules.lines import DrawLine
from academy.base import clock
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue import services as catalogue
from academy.catalogue.models import Activity, CourseUnit, CourseVersion
from academy.catalogue.models_of_review import CourseReview
from academy.devdata import accounts as demo
from academy.learning.queries import programmes
from academy.learning.services import programmes as keeping
from tests.journeys.addresses_of_announcements import announcement_pages
from tests.journeys.prepared import (
    GIFT,
    TYPES,
    WRITTEN_HERE,
    course,
    draft_with_everything,
    first,
    learners_of,
    person,
    with_every_type,
)


def trainer_pages() -> list[str]:
    """Return the trainer's desk: a course with a draft, one without, every kind of activity and type of question."""
    row = draft_with_everything()
    draft, key = catalogue.draft_of(row, at=clock.now()), row.key
    kinds = {
        kind: first(Activity, Activity.version_id == draft.id, Activity.kind == kind)
        for kind in ("lesson", "classify", "file", "quiz")
    }
    unit = first(CourseUnit, CourseUnit.version_id == draft.id)
    learner = first(Attempt, Attempt.state == "graded", Attempt.learner_id.in_(learners_of(row.id)))
    pages = [url_for("home.start"), url_for("catalogue.teach"), url_for("catalogue.new")]
    parts = ("edit", "details", "access", "translations", "differences", "publish")
    pages += [url_for(f"catalogue.{name}", key=key) for name in parts]
    pages += [url_for("catalogue.edit", key="cx-foundations"), url_for("catalogue.details", key="cx-foundations")]
    pages += [url_for("catalogue.add_unit", key=key), url_for("catalogue.unit", key=key, unit_key=unit.key)]
    pages.append(url_for("catalogue.add_activity", key=key, unit_key=unit.key))
    pages += [url_for("catalogue.activity", key=key, activity_key=each.key) for each in kinds.values()]
    pages += [url_for("catalogue.preview_activity", key=key, activity_key=each.key) for each in kinds.values()]
    return [
        *pages,
        url_for("insights.teaching"),
        url_for("insights.still_learners"),
        url_for("insights.still_learners", course=key, activity="0"),
        url_for("learning.roster", key=key),
        url_for("learning.course_entry", key=key),
        url_for("learning.course_entry", key="service-design"),
        url_for("credentials.recertification", key=key),
        url_for("credentials.course_template", key=key),
        url_for("learning.roster", key=key, q="xyzzy"),
        url_for("assessment.item_results", key="cx-foundations"),
        url_for("assessment.survey_results", key="cx-foundations"),
        url_for("assessment.item_results", key=key),
        url_for("assessment.learner_results", key=key),
        url_for("assessment.learner_attempts", key=key, person_id=learner.learner_id),
        *reviewer_pages(key, learner),
        *announcement_pages(),
    ]


def reviewer_pages(key: str, attempt: Attempt) -> list[str]:
    """Return what those see who decide an appeal or review hints, with something to see."""
    at = clock.now()
    for kind, seconds, detail in (
        ("away", 70, {}), ("away", 5, {}), ("address", 0, {}), ("fast_answers", 0, {"fast": 4, "measured": 9, "right": 3}),
        ("fast_attempt", 0, {"seconds": 80, "median": 900}),
    ):  # fmt: skip
        event = IntegrityEvent(attempt_id=attempt.id, kind=kind, at=at, seconds=seconds, detail=detail)
        db.session.add(event)
    assessment.note_review(attempt.id, "noted", "سُئل المتدرب", by_id=person(demo.TRAINER).id, at=at)
    quiz, learner = attempt.quiz_id, db.session.get_one(Person, attempt.learner_id)
    dates = assessment.Dates(ends_at=at + timedelta(days=9))
    assessment.grant_dates(quiz, learner, dates, actor_id=person(demo.TRAINER).id, at=at)
    return [
        url_for("assessment.log", attempt_id=attempt.id),
        url_for("assessment.hints", attempt_id=attempt.id),
        url_for("assessment.course_hints", key=key, state="all"),
        url_for("assessment.course_hints", key="cx-foundations"),
        url_for("assessment.course_dates", key=key),
        url_for("assessment.course_group_dates", key=key),
        url_for("assessment.course_dates", key="cx-foundations"),
    ]


def content_review_pages() -> list[str]:
    """Return what a content reviewer sees: the queue, a review with words about it, what differs, the draft."""
    found = db.session.scalars(select(CourseReview).order_by(CourseReview.id)).first()
    draft = db.session.get_one(CourseVersion, found.version_id)
    by = {"actor_id": person(demo.REVIEWER).id, "at": clock.now()}
    catalogue.add_comment(draft.id, "المثال الثاني قديم، فلعلّه يُحدَّث.", **by)
    parts = [first(Activity, Activity.version_id == draft.id, Activity.kind == kind) for kind in ("lesson", "quiz")]
    key = draft.course.key
    return [
        url_for("catalogue.reviews"),
        url_for("catalogue.review", review_id=found.id),
        url_for("catalogue.differences", key=key),
        *(url_for("catalogue.preview_activity", key=key, activity_key=each.key) for each in parts),
    ]


def programme_pages() -> list[str]:
    """Return the desk of programmes: one that is published, one with a draft that differs, and the forms of all its parts."""
    at, keeper = clock.now(), person(demo.TRAINER)
    row = programmes.programme_by_key("partner-certificate")
    draft = keeping.programme_draft(row, at=at)
    choice = keeping.add_group(draft, title=LocalizedText("خطوات بالاختيار", "Steps to choose from"), needed=1)
    keeping.add_step(choice, keeping.StepDetails("project", title=LocalizedText("مشروع", "A project")))
    details = keeping.ProgrammeDetails(LocalizedText("برنامج جديد", "A new programme"))
    keeping.create_programme(details, organisation_id=keeper.organisation_id, at=at, actor_id=keeper.id, key="fresh")
    pages = [url_for("learning.kept_programmes"), url_for("learning.new_programme")]
    names = ("programme_desk", "programme_details", "programme_access", "publish_programme", "participants")
    pages += [url_for(f"learning.{name}", programme_key=key) for name in names for key in (row.key, "fresh")]
    part = {"programme_key": row.key, "group_key": choice.key}
    pages += [url_for("learning.add_group", programme_key=row.key), url_for("learning.edit_group", **part)]
    pages.append(url_for("learning.add_step", **part))
    pages += [url_for("learning.add_step", **part, kind=kind) for kind in ("course", "exam", "project")]
    pages += [url_for("learning.edit_step", programme_key=row.key, step_key=key) for key in ("s1", "s3", "s5")]
    pages.append(url_for("learning.add_prerequisite", programme_key=row.key))
    pages += [
        url_for("learning.add_prerequisite", programme_key=row.key, kind=kind) for kind in ("undertaking", "sponsor")
    ]
    edited = {"programme_key": row.key, "prerequisite_key": "data_protection"}
    return [
        *pages,
        url_for("learning.edit_prerequisite", **edited),
        url_for("learning.programme_desk", programme_key="cx-practitioner"),
        url_for("learning.programme_details", programme_key="cx-practitioner"),
        url_for("credentials.programme_template", programme_key="cx-practitioner"),
        url_for("learning.programme", programme_key="frontline-certificate"),
        url_for("learning.participants", programme_key="frontline-certificate", q="xyzzy"),
    ]


def question_pages() -> list[str]:
    """Return the quiz editor: its page, and for each type of question the form for a new one, for one it has, and a try."""
    draft = catalogue.draft_of(course("cx-measurement"), at=clock.now())
    quiz = first(Activity, Activity.version_id == draft.id, Activity.kind == "quiz")
    items = with_every_type(quiz.content["quiz_version_id"])
    drawing = assessment.keep_draw(quiz.id, None, LocalizedText("مسحوبة", "Drawn"), [DrawLine(2, competencies=("D1",))])
    pages = [url_for(f"assessment.{page}", activity_id=quiz.id) for page in ("edit_quiz", "edit_rules", "edit_marking")]
    pages.append(url_for("assessment.edit_section", activity_id=quiz.id, section_id=drawing.id))
    pages += [url_for("assessment.new_section", activity_id=quiz.id, kind=kind) for kind in ("draw", "fixed")]
    for type in TYPES:
        if type in WRITTEN_HERE:
            pages.append(url_for("assessment.new_question", activity_id=quiz.id, type_name=type))
        pages.append(url_for("assessment.edit_question", activity_id=quiz.id, item_id=items[type]))
        pages.append(url_for("assessment.try_question", activity_id=quiz.id, item_id=items[type]))
    plan = assessment.plan_import(
        edited_quiz(quiz.id), GIFT, "questions.gift", format=None, language=None, competencies=None,
        owner_id=person(demo.TRAINER).id, at=clock.now(),
    )  # fmt: skip
    pages.append(url_for("assessment.import_questions", activity_id=quiz.id))
    pages.append(url_for("assessment.import_preview", activity_id=quiz.id, plan_id=plan.id))
    pages.append(url_for("assessment.export_questions", activity_id=quiz.id))
    ready = first(Question, Question.course_id.is_(None), Question.state == "ready")
    lent = assessment.take_from_bank(quiz.id, [ready.id])[0]
    left = first(Question, Question.course_id.is_(None), Question.state == "ready", Question.id != ready.id)
    stem = first(QuestionVersion, QuestionVersion.question_id == left.id).content["stem"]["ar"]
    pages.append(url_for("assessment.take_questions", activity_id=quiz.id))
    pages.append(url_for("assessment.take_questions", activity_id=quiz.id, q="xyzzy"))
    pages.append(url_for("assessment.take_questions", activity_id=quiz.id, q=" ".join(stem.split()[:2])))
    pages.append(url_for("assessment.lent_question", activity_id=quiz.id, item_id=lent.id))
    pages.append(url_for("assessment.give_question", activity_id=quiz.id, item_id=items["single"]))
    return pages


def bank_pages() -> list[str]:
    """Return the question bank: its list, its tree, questions in several states, writing, importing and exporting."""
    me, at = person(demo.TRAINER), clock.now()
    shelf = first(QuestionCategory, QuestionCategory.organisation_id == me.organisation_id)
    states = [
        first(Question, Question.course_id.is_(None), Question.state == state) for state in ("ready", "in_review")
    ]
    old = first(QuestionVersion, QuestionVersion.question_id == states[0].id)
    content = {**old.content, "stem": {"ar": "نص جديد؟", "en": "A new text?"}}
    written = assessment.Written(old.type, content, old.competency_key)
    assessment.keep_in_bank(states[0].id, written, at=at, by_id=me.id)
    plan = assessment.plan_import(
        BankDesk(me.organisation_id, shelf), GIFT, "questions.gift", format=None, language=None, competencies=None,
        owner_id=me.id, at=at,
    )  # fmt: skip
    pages = [
        url_for("assessment.bank"),
        url_for("assessment.bank", q="xyzzy"),
        url_for("assessment.bank", category=shelf.id),
    ]
    pages += [url_for("assessment.bank_categories"), url_for("assessment.new_category")]
    pages.append(url_for("assessment.edit_category", category_id=shelf.id))
    for row in states:
        names = ("banked", "banked_history", "banked_edit", "banked_try", "banked_filing")
        pages += [url_for(f"assessment.{name}", question_id=row.id) for name in names]
    return [
        *pages,
        url_for("assessment.bank_new", type_name="ordering", category=shelf.id),
        url_for("assessment.bank_import", category=shelf.id),
        url_for("assessment.bank_import_preview", plan_id=plan.id),
        url_for("assessment.bank_export", category=shelf.id),
    ]
