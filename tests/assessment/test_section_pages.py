"""The editor's pages of sections and rules: written without scripts, problems at their fields, few statements."""

from datetime import UTC, datetime

import pytest

from academy.assessment import services
from academy.assessment.models import QuizSection
from academy.assessment.queries_of_pools import section_row
from academy.base.db import db
from academy.catalogue import kinds
from academy.catalogue.kinds import lookups
from tests.assessment.test_edit_pages import address, text
from tests.assessment.test_editing import add, published, quiz_activity, quiz_of
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories import catalogue
from tests.factories.accounts import both


@pytest.fixture
def trainer(app):
    return people.trainer()


@pytest.fixture
def activity(trainer, monkeypatch):
    names = {"D1": both("فهم المستفيد", "Insight"), "D2": both("القياس", "Measures")}
    monkeypatch.setattr(lookups, "domain_choices", lambda: list(names.items()))
    monkeypatch.setattr(lookups, "all_choices", lambda: (list(names.items()), []))
    monkeypatch.setattr(lookups, "names", lambda: names)
    return quiz_activity(catalogue.course(trainer=trainer, published=False))


@pytest.fixture
def page(visit, trainer):
    return visit(trainer)


LINE = {"lines-0-count": "٢", "lines-0-points": "3", "lines-0-competency": "D1", "lines-0-difficulty": "2",
        "lines-0-tags": "جودة، هدوء"}  # fmt: skip
RULES = {
    **text("title", "اختبار", "Test"), "pass_percent": "70", "layout": "all", "navigation": "sequential",
    "counting": "average", "tries": "3", "try_penalty": "25", "confidence": "y", "cooling": "2", "cooling_unit": "days",
    "opens_day": "1448/9/12", "opens_time": "٩:٣٠", "closes_day": "2027-03-01", "closes_time": "", "grace_seconds": "5",
    "password": "سرّ 7", "addresses": "10.1.0.0/16\n10.2.3.4", "floors": "D1: ٥٠", "pre_quiz_id": "0",
    "review": ["after:score", "closed:score", "closed:responses"], "key_when_done": "y",
}  # fmt: skip


def lines(activity):
    (section,) = db.session.query(QuizSection).filter_by(quiz_version_id=quiz_of(activity).id)
    return section_row(section).lines


def test_a_drawn_section_is_written_read_back_and_changed(page, activity):
    """AS8, AS22: what is drawn may be an essay, so that marking can be arranged as soon as a section draws."""
    assert not page.get(address(activity)).select("a[href$='/quiz/marking']")
    page.post(address(activity, "/sections/new/draw"), {**text("title", "قسم", "Part"), **LINE})
    assert page.get(address(activity)).select("a[href$='/quiz/marking']")
    (line,) = lines(activity)
    assert (line.count, line.points, line.competencies, line.difficulties, line.tags) == (
        2, 3, ("D1",), (2,), ("جودة", "هدوء"),
    )  # fmt: skip
    section = db.session.query(QuizSection).one()
    where = address(activity, f"/sections/{section.id}")
    shown = page.get(where)
    assert shown.select_one("[name=lines-0-tags]")["value"] == "جودة، هدوء" and "عدد غير كافٍ" in shown.words
    page.post(where, {**text("title", "قسم", "Part"), **LINE, "lines-0-count": "1"})
    assert lines(activity)[0].count == 1
    assert "فهم المستفيد" in page.get(address(activity)).words


def test_a_blueprint_fills_the_lines_without_saving_them(page, activity):
    """AS8."""
    where = address(activity, "/sections/new/draw")
    shown = page.post(where, {"blueprint": "D1: ٤، D2: 2", "act": "blueprint:fill", **LINE})
    chosen = [tag.select_one("[selected]")["value"] for tag in shown.select("select[name$=competency]")]
    assert chosen == ["D1", "D2"]
    assert [tag["value"] for tag in shown.select("input[name$=count]")] == ["4", "2"]
    assert db.session.query(QuizSection).count() == 0
    for wrong in ("D1", "D9: 2", "D1: 0"):
        shown = page.post(where, {"blueprint": wrong, "act": "blueprint:fill"}, status=422)
        assert shown.select("#blueprint-error")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"lines-0-competency": "", "lines-0-difficulty": "", "lines-0-tags": ""}, "lines-0-competency"),
        ({"lines-0-count": "0"}, "lines-0-count"),
        ({"lines-0-count": "many"}, "lines-0-count"),
        ({"lines-0-points": ""}, "lines-0-points"),
        ({"lines-0-competency": "D77"}, "lines-0-competency"),
        ({"lines-0-category": "99999"}, "lines-0-category"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_at_its_field(page, activity, typed, field):
    shown = page.post(address(activity, "/sections/new/draw"), {**LINE, **typed}, status=422)
    assert shown.select(f"#{field}-error") and db.session.query(QuizSection).count() == 0


def test_fixed_questions_move_into_a_section_and_stay_when_it_goes(page, activity):
    items = [add(activity, stem=f"Q{number}") for number in range(3)]
    where = address(activity, "/sections/new/fixed")
    page.post(where, {**text("title", "قسم", "Part"), "questions": [items[0].id, items[2].id]})
    section = db.session.query(QuizSection).one()
    shown = page.get(address(activity))
    assert [li["data-key"] for li in shown.select(f"#section-{section.id} li[data-key]")] == [
        str(items[0].id), str(items[2].id),
    ]  # fmt: skip
    page.post(where, text("title", "", ""), status=422)
    page.post(address(activity, f"/sections/{section.id}/remove"))
    assert len(page.get(address(activity)).select("li[data-key]")) == 3 and db.session.query(QuizSection).count() == 0


def test_sections_are_moved_by_buttons(page, activity):
    for name in ("one", "two"):
        page.post(address(activity, "/sections/new/draw"), {**text("title", name, name), **LINE})
    ids = [row.id for row in db.session.query(QuizSection).order_by(QuizSection.position)]
    page.post(address(activity, "/sections/order"), {"key": str(ids[1]), "move": "up"})
    assert [row.id for row in db.session.query(QuizSection).order_by(QuizSection.position)] == ids[::-1]


def test_a_section_of_another_quiz_is_not_found(page, activity, trainer):
    other = quiz_activity(catalogue.course(trainer=trainer, published=False))
    section = quizzes.section(quiz_of(other))
    for tail in (f"/sections/{section.id}", "/sections/new/other"):
        page.get(address(activity, tail), status=404)
    page.post(address(activity, f"/sections/{section.id}/remove"), status=404)
    page.post(address(activity, "/sections/order"), {"key": str(section.id), "move": "up"}, status=404)


def test_every_rule_is_saved_and_shown_again(page, activity):
    """AS7, AS9, AS11, AS12, AS14. Days of both calendars, on Riyadh's clock; saving again unchanged changes nothing."""
    where = address(activity, "/rules")
    page.post(where, {**RULES, "seen": page.get(where).select_one("[name=seen]")["value"]})
    quiz = quiz_of(activity)
    found = {
        name: getattr(quiz, name) for name in ("counting", "navigation", "layout", "tries", "try_penalty", "confidence")
    }
    assert found == {"counting": "average", "navigation": "sequential", "layout": "one", "tries": 3, "try_penalty": 25,
                     "confidence": True}  # fmt: skip
    assert (quiz.cooling_minutes, quiz.grace_seconds, quiz.password) == (2880, 5, "سرّ 7")
    assert (quiz.addresses, quiz.floors) == (["10.1.0.0/16", "10.2.3.4/32"], {"D1": 50})
    assert quiz.opens_at == datetime(2027, 2, 19, 6, 30, tzinfo=UTC)
    assert quiz.closes_at == datetime(2027, 3, 1, 20, 59, 59, tzinfo=UTC)
    assert (quiz.release, quiz.review["closed"]) == ("score", ["responses", "score"])
    shown, before = page.get(where), {name: getattr(quiz, name) for name in services.editing.RULES}
    sent = {**RULES, "opens_day": shown.select_one("#opens_day")["value"], "seen": shown.select_one("[name=seen]")["value"],
            "closes_time": shown.select_one("#closes_time").get("value", ""), "floors": shown.select_one("#floors")["value"],
            "cooling": shown.select_one("#cooling")["value"], "addresses": shown.select_one("#addresses").get_text().strip()}  # fmt: skip
    page.post(where, sent)
    assert {name: getattr(quiz_of(activity), name) for name in services.editing.RULES} == before


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"floors": "D1"}, "floors"), ({"floors": "D1: 101"}, "floors"), ({"floors": "D8: 10"}, "floors"),
        ({"addresses": "10.1.2.3/16"}, "addresses"), ({"addresses": "office"}, "addresses"),
        ({"closes_day": "1448/9/11"}, "closes_day"), ({"opens_day": "", "opens_time": "9:00"}, "opens_time"),
        ({"opens_time": "25:00"}, "opens_time"), ({"opens_day": "soon"}, "opens_day"), ({"tries": "11"}, "tries"),
        ({"grace_seconds": "3601"}, "grace_seconds"), ({"pre_quiz_id": "999"}, "pre_quiz_id"),
        ({"review": ["after:marks"]}, "review"), ({"counting": "worst"}, "counting"), ({"navigation": "zigzag"}, "navigation"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_rule_is_said_at_its_field(page, activity, typed, field):
    where = address(activity, "/rules")
    seen = page.get(where).select_one("[name=seen]")["value"]
    shown = page.post(where, {**RULES, **typed, "seen": seen}, status=422)
    assert shown.select(f"#{field}-error") and quiz_of(activity).tries == 1


@pytest.mark.parametrize("preset", ["none", "score", "after_submit", "after_pass", "after_close"])
def test_a_preset_fills_the_table_and_is_kept_by_its_name(page, activity, preset):
    """AS12."""
    where = address(activity, "/rules")
    seen = page.get(where).select_one("[name=seen]")["value"]
    shown = page.post(where, {**RULES, "act": f"preset:{preset}", "seen": seen})
    ticked = [box["value"] for box in shown.select("[name=review][checked]")]
    when_done = {"key_when_done": "y"} if shown.select("[name=key_when_done][checked]") else {}
    assert quiz_of(activity).tries == 1
    sent = {name: value for name, value in RULES.items() if name not in ("review", "key_when_done")}
    page.post(where, {**sent, **when_done, "review": ticked, "seen": seen})
    assert (quiz_of(activity).release, quiz_of(activity).review) == (preset, {})


def test_publishing_is_refused_or_warned_by_the_pools(page, activity):
    """AS8: too few blocks, thin warns, and a floor needs questions on every paper."""
    course = activity.version.course
    version = quiz_of(activity)
    quizzes.section(version, quizzes.DrawLine(2, competencies=("D1",)))
    version.floors = {"D2": 50}
    quizzes.in_bank(course.organisation_id)
    said = page.get(f"/teach/{course.key}/publish").words
    assert "ولا يطابق إلا 1" in said and "حد أدنى في D2" in said
    quizzes.in_bank(course.organisation_id)
    version.floors = {"D1": 50}
    page.get(f"/teach/{course.key}/publish")
    shown = page.get(f"/teach/{course.key}/publish")
    assert "والأفضل 6 أو أكثر" in shown.words and shown.select("form[action$='/publish'] button")


def test_publishing_minds_a_section_that_was_never_filled(page, activity):
    item = add(activity, stem="Q")
    for title, chosen in (("أول", [item.id]), ("ثان", [])):
        page.post(address(activity, "/sections/new/fixed"), {**text("title", title, ""), "questions": chosen})
    shown = page.get(f"/teach/{activity.version.course.key}/publish")
    assert "القسم 2 بلا أسئلة" in shown.words and "القسم 1 بلا أسئلة" not in shown.words
    assert shown.select("form[action$='/publish'] button")


def test_the_page_of_differences_names_changed_rules(page, activity):
    add(activity)
    course = activity.version.course
    nxt = published(activity)
    quiz_of(nxt).counting, quiz_of(nxt).floors = "last", {"D1": 60}
    db.session.commit()
    words = page.get(f"/teach/{course.key}/differences").words
    assert (
        "المحاولة المحتسبة" in words and "D1: 60" in words and "درجة النجاح" not in words.split("المحاولة المحتسبة")[1]
    )


@pytest.mark.parametrize("bank", [6, 60])
def test_the_editor_of_a_drawn_quiz_takes_few_statements_however_large_the_bank(page, activity, statements, bank):
    course = activity.version.course
    for _ in range(bank):
        quizzes.in_bank(course.organisation_id)
    lines = [quizzes.DrawLine(1, competencies=("D1",), difficulties=(level,)) for level in (1, 2, 3)]
    section = quizzes.section(quiz_of(activity), *lines)
    add(activity)
    db.session.commit()
    key, where = course.key, address(activity)
    for path in (where, f"{where}/rules", f"{where}/sections/{section.id}", f"/teach/{key}/publish"):
        with statements() as seen:
            page.get(path)
        assert len(seen) <= 11 if "sections" in path else len(seen) <= 8, (path, len(seen))


def test_the_kind_quiz_looks_at_many_in_few_statements(app, statements):
    activities = [quiz_activity() for _ in range(3)]
    for each in activities:
        quizzes.section(quiz_of(each), quizzes.DrawLine(1, competencies=("D1",)))
    contents = [each.content for each in activities]
    with statements() as seen:
        kinds.of("quiz").review(contents)
    assert len(seen) == 3
