"""Import and export in the quiz editor: preview before writing, exactly what was previewed, nobody else's business."""

from io import BytesIO

import pytest
from sqlalchemy import func, select

from academy.assessment import services
from academy.assessment.exchange import EXPORTS, read
from academy.assessment.exchange.shape import Taken
from academy.assessment.models import QuestionImport
from academy.assessment.queries_of_editing import edited_questions
from academy.assessment.queries_of_exchange import BankDesk, preview_rows
from academy.base import storage
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.catalogue.kinds import lookups
from academy.catalogue.services import keep_picture
from tests.assessment.test_editing import add, published, quiz_activity
from tests.assessment.test_exchange_every_type import picture
from tests.factories import accounts as people
from tests.factories import assessment, catalogue
from tests.factories.accounts import LONG_AGO, both

GIFT = """
// [id:q1] [tag:competency:CX-01] [tag:difficulty:3] [tag:points:2]
::Title::What does CX stand for?{=Customer experience ~Cost exchange}

An essay please {}

Two plus two {#4:0.5}
"""


@pytest.fixture
def trainer(app):
    return people.trainer()


@pytest.fixture
def activity(trainer):
    objectives = [catalogue.services.Objective(both("يميّز", "Tell apart"))]
    return quiz_activity(catalogue.course(trainer=trainer, published=False, objectives=objectives))


@pytest.fixture
def page(visit, trainer):
    return visit(trainer)


def address(activity, rest="/import"):
    return f"/teach/activities/{activity.id}/quiz{rest}"


def upload(page, activity, data=GIFT, name="questions.txt", status=200, **given):
    data = data.encode() if isinstance(data, str) else data
    sent = {"file": (BytesIO(data), name), "format": "", "language": "", **given}
    return page.post(address(activity), sent, status=status, content_type="multipart/form-data")


def plan_of(activity):
    return db.session.scalars(select(QuestionImport).where(QuestionImport.activity_id == activity.id)).one()


def confirm(page, activity, *ticked, status=200):
    rest = f"/import/{plan_of(activity).id}/apply"
    return page.post(address(activity, rest), {"take": [str(number) for number in ticked]}, status=status)


def questions(activity):
    return edited_questions(activity.content["quiz_version_id"])


def test_the_editor_leads_to_import_and_export(page, activity):
    links = {link["href"] for link in page.get(address(activity, "")).select("a[href]")}
    assert address(activity) in links and address(activity, "/export") not in links
    add(activity)
    assert address(activity, "/export") in {a["href"] for a in page.get(address(activity, "")).select("a[href]")}


def test_the_preview_says_what_is_taken_and_refused_and_writes_nothing(page, activity):
    page.get(address(activity))
    shown = upload(page, activity)
    assert "What does CX stand for?" in shown.words and "Customer experience" in shown.words
    assert "لا تُستورد الأسئلة المقالية إلا من جدول الأكاديمية" in shown.words and "Cost exchange" not in shown.words
    assert "الإنجليزية" in shown.select_one(".kpis").get_text(), "the language is named in the language of the reader"
    assert [box["value"] for box in shown.select("input[name=take]")] == ["0", "2"]
    assert questions(activity) == []


def test_confirming_writes_what_was_previewed_and_notes_it(page, activity, trainer):
    upload(page, activity)
    shown = confirm(page, activity, 0, 2)
    assert "سؤالان" in shown.words
    first, second = questions(activity)
    assert (first.type, first.key, first.difficulty, first.points, first.competency_key) == (
        "single",
        "q1",
        3,
        2,
        "CX-01",
    )
    assert (second.type, second.content["answer"], second.content["tolerance"]) == ("numeric", "4", "0.5")
    assert first.stem == both("", "What does CX stand for?")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "assessment:question:import")).one()
    assert entry.actor_id == trainer.id and entry.after == {"file": "questions.txt", "format": "gift", "questions": 2}
    assert plan_of(activity).document["questions"] == []


def test_what_is_not_ticked_is_left_out(page, activity):
    upload(page, activity)
    confirm(page, activity, 2)
    assert [question.type for question in questions(activity)] == ["numeric"]


def test_a_refused_question_cannot_be_ticked_by_hand(page, activity):
    upload(page, activity)
    confirm(page, activity, 1, 7)
    assert questions(activity) == [] and plan_of(activity).applied_at is None


def test_a_file_is_imported_once(page, activity):
    upload(page, activity)
    confirm(page, activity, 0)
    confirm(page, activity, 0, 2)
    assert len(questions(activity)) == 1
    assert "سبق استيراد" in page.get(address(activity, f"/import/{plan_of(activity).id}"), follow_redirects=True).words


def test_a_taken_key_gets_a_new_one_and_never_a_new_version_of_another_question(page, activity):
    add(activity)
    shown = upload(page, activity)
    assert "«q1»" in shown.words
    confirm(page, activity, 0)
    assert [question.key for question in questions(activity)] == ["q1", "q2"]
    assert len({question.question_id for question in questions(activity)}) == 2


def test_a_key_taken_between_preview_and_confirmation_changes_nothing_else(page, activity):
    upload(page, activity)
    add(activity, stem="Mine")
    confirm(page, activity, 0)
    assert [(question.key, question.stem.en) for question in questions(activity)] == [
        ("q1", "Mine"), ("q2", "What does CX stand for?"),
    ]  # fmt: skip


def test_unknown_competencies_and_objectives_are_left_out_and_said(page, activity, monkeypatch):
    monkeypatch.setattr(lookups, "competency_choices", lambda: [("CX-09", both("كفاية", "Other"))])
    marked = "// [tag:competency:CX-01] [tag:objective:o9]\nQ{T}\n\n// [tag:competency:CX-09] [tag:objective:o1]\nR{F}"
    shown = upload(page, activity, marked)
    assert "«CX-01» غير معروفة" in shown.words and "«o9»" in shown.words and "يميّز" in shown.words
    confirm(page, activity, 0, 1)
    found = [(question.competency_key, question.objective) for question in questions(activity)]
    assert found == [(None, None), ("CX-09", "o1")]


def test_the_language_can_be_chosen(page, activity):
    upload(page, activity, "Q?{T}", language="ar")
    confirm(page, activity, 0)
    assert questions(activity)[0].stem == both("Q?", "")


def test_the_format_can_be_chosen(page, activity):
    shown = upload(page, activity, "Q?{T}", format="aiken")
    assert "يتعذر فهم هذا السؤال" in shown.words


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "empty.txt", "الملف فارغ"),
        (b"just words", "notes.txt", "ليس هذا ملف أسئلة"),
        (b"<quiz><question>", "broken.xml", "غير سليم"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "picture.png", "تتعذر قراءة حروف"),
        (b"PK\x03\x04rubbish", "broken.zip", "يتعذر فتح هذه الحزمة"),
        (b"a,b\n1,2\n", "table.csv", "تنقص الجدول"),
    ],
)
def test_files_without_questions_are_refused_with_a_reason_at_the_field(page, activity, data, name, words):
    shown = upload(page, activity, data, name, status=422)
    assert words in shown.words and shown.select_one("[data-error-summary] a[href='#file']")
    assert db.session.scalar(select(func.count()).select_from(QuestionImport)) == 0


def test_a_preview_expires(page, activity):
    upload(page, activity)
    plan_of(activity).expires_at = LONG_AGO
    shown = confirm(page, activity, 0)
    assert "انتهت" in shown.words and questions(activity) == []


def test_published_quizzes_take_no_questions(page, activity):
    add(activity)
    upload(page, activity)
    published(activity)
    page.get(address(activity), status=409)
    confirm(page, activity, 0)
    assert len(questions(activity)) == 1
    upload(page, activity, status=409)


def test_import_and_export_do_not_exist_for_others(page, activity, visit, trainer):
    upload(page, activity)
    rest = f"/import/{plan_of(activity).id}"
    for stranger in (people.person(), people.trainer()):
        other = visit(stranger)
        for path in ("/import", rest, "/export"):
            other.get(address(activity, path), status=404)
        for path in ("/import", f"{rest}/apply", "/export"):
            other.post(address(activity, path), {"take": "0", "format": "xlsx", "language": "ar"}, status=404)
    assert questions(activity) == []


def test_a_preview_belongs_to_who_uploaded_it(page, activity, visit, trainer):
    """Another editor of the course uploads the file again: nobody confirms what somebody else has seen."""
    upload(page, activity)
    boss = visit(people.administrator())
    boss.get(address(activity))
    boss.get(address(activity, f"/import/{plan_of(activity).id}"), status=404)
    boss.post(address(activity, f"/import/{plan_of(activity).id}/apply"), {"take": "0"}, status=404)


def test_a_preview_of_another_quiz_does_not_exist_here(page, activity):
    upload(page, activity)
    other = quiz_activity(activity.version.course)
    page.get(address(other, f"/import/{plan_of(activity).id}"), status=404)


def test_pages_cost_the_same_for_one_question_and_many(page, activity, statements):
    counts = []
    for many in (1, 60):
        add(activity)
        upload(page, activity, "\n\n".join(f"Question {n}?{{T}}" for n in range(many)))
        plan = db.session.scalars(select(QuestionImport).order_by(QuestionImport.id.desc())).first()
        for rest in (f"/import/{plan.id}", "/export", "/import"):
            with statements() as seen:
                page.get(address(activity, rest))
            counts.append((rest.rstrip("0123456789"), len(seen)))
    assert all(count <= 8 for _rest, count in counts) and counts[:3] == counts[3:], counts


NOT_CARRIED = {
    "xlsx": set(),
    "csv": set(),
    "moodle": {"matrix", "ranking"},
    "gift": {"ordering", "gap_fill", "matrix", "ranking"},
    "aiken": set(assessment.EXCHANGED_TYPES) - {"single"},
}


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_every_format_comes_out_as_a_file_and_is_noted(page, activity, name, trainer):
    for type in assessment.EXCHANGED_TYPES:
        add(activity, type, stem=f"Stem of {type}")
    assert page.get(address(activity, f"/export?format={name}&language=en"))
    page.post(address(activity, "/export"), {"format": name, "language": "en"})
    response = page.response
    assert (
        response.headers["Content-Disposition"].startswith("attachment")
        and "no-store" in response.headers["Cache-Control"]
    )
    back = read(response.data, f"file.{name}" if name in ("csv", "xlsx") else "file.txt").entries
    taken = [entry.type for entry in back if isinstance(entry, Taken)]
    assert taken and set(assessment.EXCHANGED_TYPES) - set(taken) <= NOT_CARRIED.get(name, {"matrix"})
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "assessment:question:export")).one()
    assert entry.actor_id == trainer.id and entry.after["format"] == name


def test_the_export_page_lists_what_a_format_cannot_carry(page, activity):
    add(activity, "ordering", stem="Order me")
    shown = page.get(address(activity, "/export?format=gift"))
    assert "Order me" in shown.words and "لا يوجد هذا النوع من الأسئلة في هذه الصيغة" in shown.words
    assert "لا شيء: ينتقل كل سؤال إلى الملف كاملًا" in page.get(address(activity, "/export?format=xlsx")).words
    page.get(address(activity, "/export?format=word"), status=404)
    page.post(address(activity, "/export"), {"format": "word", "language": "en"}, status=422)


def test_export_and_import_into_another_course_gives_the_same_quiz(page, activity, trainer):
    for type in assessment.EXCHANGED_TYPES:
        services.add_written(
            activity.id, services.Written(type, assessment.content(type), "CX-01", "o1", 3, 4), at=LONG_AGO, by_id=None
        )
    page.post(address(activity, "/export"), {"format": "xlsx", "language": "ar"})
    other = quiz_activity(catalogue.course(trainer=trainer, published=False))
    upload(page, other, page.response.data, "quiz.xlsx")
    confirm(page, other, *range(len(assessment.EXCHANGED_TYPES)))
    before, after = questions(activity), questions(other)
    assert [(q.type, q.stem, q.points, q.difficulty) for q in before] == [
        (q.type, q.stem, q.points, q.difficulty) for q in after
    ]


def test_texts_of_a_file_are_shown_as_text(page, activity):
    """T: nothing in a file becomes markup, a formula or a template."""
    shown = upload(
        page,
        activity,
        "<b>{{7*7}}</b> <script>alert(1)</script>?\\{\\}{=</td><h1>x ~=1+1}".replace("{{7*7}}", "\\{\\{7*7\\}\\}"),
    )
    assert "<b>{{7*7}}</b> <script>alert(1)</script>" in shown.words and not shown.select("main script:not([src])")


def test_a_file_beyond_the_upload_limit_is_refused(page, activity, app, monkeypatch):
    monkeypatch.setattr(app.extensions["settings"], "upload_megabytes", 1)
    shown = upload(page, activity, b"Q?{T}" + b" " * 1_100_000, status=422)
    assert "الملف أكبر" in shown.words or "كبير" in shown.words


def test_a_previewed_file_goes_with_the_draft_it_was_meant_for(page, trainer):
    course = catalogue.course(trainer=trainer)
    activity = quiz_activity(course)
    upload(page, activity)
    page.post(f"/teach/{course.key}/draft/discard")
    assert db.session.scalar(select(func.count()).select_from(QuestionImport)) == 0


def test_pictures_travel_with_the_sheet_into_another_course_and_into_the_bank(page, activity, trainer):
    """AS20: the sheet and its pictures are one package; the other course, and the bank, keep pictures of their own."""
    course = activity.version.course
    kept = keep_picture(course, picture(320, 200), "hall.png", most=10**6, actor_id=trainer.id, at=LONG_AGO)
    image = assessment.image(kept.key, 320, 200)
    for type in ("hotspot", "calculated", "essay"):
        content = assessment.content(type, **({"image": image} if type == "hotspot" else {}))
        services.add_written(activity.id, services.Written(type, content), at=LONG_AGO, by_id=None)
    for name in ("xlsx", "qti30"):
        page.post(address(activity, "/export"), {"format": name, "language": "ar"})
        data = page.response.data
        other = quiz_activity(catalogue.course(trainer=trainer, published=False))
        upload(page, other, data, "quiz.zip")
        assert plan_of(other).document["format"] == ("spreadsheet" if name == "xlsx" else "qti_package")
        confirm(page, other, 0, 1, 2)
        (found, *_others) = [each for each in questions(other) if each.type == "hotspot"]
        named = storage.find(found.content["image"]["key"])
        assert named is not None and named.course_id == other.version.course.id and named.key != kept.key
    plan = services.plan_import(
        BankDesk(course.organisation_id), data, "quiz.zip", format=None, language=None, competencies=None,
        owner_id=trainer.id, at=LONG_AGO,
    )  # fmt: skip
    (taken,) = [row.taken for row in preview_rows(plan) if row.taken and row.taken.type == "hotspot"]
    named = storage.find(taken.content["image"]["key"])
    assert (named.course_id, named.organisation_id) == (None, course.organisation_id)
