"""Letters in the academy's own words (NO6): checked, previewed, tried out, kept version by version."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from academy.assessment import kinds as _assessment  # noqa: F401
from academy.base import jobs
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.notices import kinds, own_words, services
from academy.notices import queries_of_wording as queries
from academy.notices.models import Letter, LetterWording
from academy.notices.own_words import OwnWords
from academy.notices.values import PHRASES, VALUES
from tests.concurrency import crowd_app, prepared, run_together  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people

COURSE = LocalizedText("أساسيات الخدمة", "Service basics")
HERE = "/admin/letters/wording/course_assigned"
ASSIGNED = kinds.kind(kinds.COURSE_ASSIGNED)
SUBJECT = LocalizedText("مقررك: {course}", "Yours: {course}")


def typed(version=0, act="save", **halves) -> dict:
    said = own_words.shipped(ASSIGNED)
    shown = {
        "subject_ar": said.subject.ar,
        "subject_en": said.subject.en,
        "body_ar": said.body.ar,
        "body_en": said.body.en,
    }
    form = {name.replace("_", "-"): text for name, text in {**shown, **halves}.items()}
    return {**form, "version": str(version), "act": act}


def letter_to(who, kind=kinds.COURSE_ASSIGNED, **values) -> Letter:
    count = db.session.scalar(select(func.count(Letter.id)))
    values = values or {"course": COURSE}
    services.tell(who.id, kind, f"x:{count}", at=NOW, address="/courses/x", **values)
    return db.session.scalar(select(Letter).where(Letter.person_id == who.id).order_by(Letter.id.desc()))


def reworded(kind=ASSIGNED, seen=0, **halves) -> None:
    services.reword(kind, OwnWords(**halves), seen=seen, actor_id=people.administrator().id, at=NOW)


def test_an_administrator_rewords_a_letter_and_the_rest_follows_the_academy(app, visit):
    """NO6"""
    keeper, reader = visit(people.administrator()), people.person(language="ar")
    english, before = people.person(language="en"), letter_to(reader)
    assert "صياغة الرسائل" in keeper.get("/admin/letters").words
    keeper.get("/admin/letters/wording")
    keeper.post(HERE, typed(body_ar="ينتظرك مقرر {course}.\nالموعد: {due}"))
    after, other = letter_to(reader), letter_to(english)
    assert "ينتظرك مقرر" in after.text and COURSE.ar in after.text and "الموعد" not in after.text
    assert "ينتظرك مقرر" not in before.text and after.subject == before.subject
    assert "was assigned to you" in other.text
    row = queries.newest(ASSIGNED.name)
    assert (row.version, row.subject, row.body.en) == (1, LocalizedText(), "")


def test_restoring_brings_our_words_back_and_keeps_theirs_among_the_versions(app, visit):
    keeper, reader = visit(people.administrator()), people.person(language="en")
    keeper.post(HERE, typed(subject_en="Yours: {course}"))
    assert letter_to(reader).subject.startswith("Yours")
    keeper.post(f"{HERE}/restore", {"version": "1"})
    assert "A course for you" in letter_to(reader).subject
    page = keeper.get(f"{HERE}/versions")
    assert [each.get_text() for each in page.select("ins")] == ["A course for you: {course}", "Yours: {course}"]
    acts = db.session.scalars(
        select(AuditEntry.act).where(AuditEntry.subject_label == ASSIGNED.name).order_by(AuditEntry.id)
    ).all()
    assert sorted(acts) == ["notices:wording:change", "notices:wording:restore"]


@pytest.mark.parametrize(
    ("half", "text", "blamed"),
    [
        ("body_en", "The course {course} and {coarse}.", "{coarse}"),
        ("body_ar", "مقرر جديد لك.", "{course}"),
        ("subject_ar", "موعد {due}", "{due}"),
        ("subject_en", "A course } for you", "{academy}"),
        ("body_en", "Until {due}", ""),
    ],
)
def test_a_fault_is_shown_at_its_field_and_nothing_is_saved(app, visit, half, text, blamed):
    """NO6"""
    given = typed(**({"subject_ar": "مقرر لك"} if half == "body_ar" else {}), **{half: text})
    page = visit(people.administrator()).post(HERE, given, status=422)
    name = half.replace("_", "-")
    assert blamed in page.select_one(f"#{name}-error").get_text()
    assert page.select_one(f"#{name}").get("value", page.select_one(f"#{name}").get_text()).strip() == text
    assert db.session.scalar(select(func.count(LetterWording.id))) == 0


def test_whoever_saves_second_is_told_and_loses_nothing(app, visit):
    """NO6"""
    first, second = visit(people.administrator()), visit(people.administrator())
    first.post(HERE, typed(subject_en="First: {course}"))
    page = second.post(HERE, typed(subject_en="Second: {course}"), status=422)
    assert page.select_one("#subject-en")["value"] == "Second: {course}"
    assert queries.newest(ASSIGNED.name).subject.en == "First: {course}"
    again = page.select_one("input[name=version]")["value"]
    second.post(HERE, typed(version=again, subject_en="Second: {course}"))
    assert queries.newest(ASSIGNED.name).subject.en == "Second: {course}"
    stale = second.post(f"{HERE}/restore", {"version": "1"})
    assert stale.select_one(".flashes, .notice.bad, [role=alert]") and queries.newest(ASSIGNED.name).version == 2


def test_the_preview_follows_what_is_typed_in_both_languages_and_saves_nothing(app, visit):
    """NO6"""
    keeper = visit(people.administrator())
    page = keeper.post(HERE, typed(act="preview", subject_en="Hello {course}"))
    arabic, english = page.select(".letter-preview")
    assert english["dir"] == "ltr" and english.h3.get_text() == "Hello Foundations of customer experience"
    assert "أسس تجربة العميل" in arabic.get_text()
    part = keeper.post(f"{HERE}/preview", typed(body_en="<b>{coarse}</b> {course}"))
    assert "<b>{coarse}</b>" in part.select(".letter-preview")[1].get_text() and part.select(".notice.warn")
    assert queries.newest(ASSIGNED.name) is None


def test_a_test_letter_comes_in_both_languages_without_saving_anything(app, visit):
    """NO6"""
    me = people.administrator()
    keeper = visit(me)
    keeper.post(HERE, typed(act="test", subject_en="Trial of {course}"))
    jobs.run_all_due()
    letters = db.session.scalars(select(Letter).where(Letter.person_id == me.id).order_by(Letter.id)).all()
    assert [each.language for each in letters] == ["ar", "en"] and letters[1].subject.startswith("Trial of")
    assert {each.state for each in letters} == {"kept"} and "/letters/stop/" not in letters[1].text
    assert queries.newest(ASSIGNED.name) is None
    for _ in range(19):
        keeper.post(HERE, typed(act="test"))
    keeper.post(HERE, typed(act="test"), status=422)


def test_what_an_editor_types_is_never_markup_in_a_letter(app):
    reworded(
        subject=LocalizedText("", "<i>x</i> {course}"), body=LocalizedText("", "<script>x</script> {course} & %(by)s")
    )
    letter = letter_to(people.person(language="en"), course=LocalizedText("", "{due} <b>"))
    assert "<script>" not in letter.html and "&lt;script&gt;x&lt;/script&gt;" in letter.html
    assert "{due} &lt;b&gt;" in letter.html and "%(by)s" in letter.text


@pytest.mark.parametrize(
    ("number", "said"), [(1, "شخص واحد"), (2, "شخصان"), (3, "3 أشخاص"), (11, "11 شخصًا"), (100, "100 شخص")]
)
def test_numbers_bend_their_nouns_in_own_words(app, number, said):
    kind = kinds.kind(kinds.PEOPLE_LATE)
    reworded(kind, subject=LocalizedText("المتأخرون: {count_people}", ""))
    letter = letter_to(people.person(language="ar"), kinds.PEOPLE_LATE, people=COURSE, count=number)
    assert letter.subject == f"المتأخرون: {said}"


def test_the_digest_has_its_own_subject_and_no_text_to_change(app, visit):
    here = "/admin/letters/wording/digest_daily"
    keeper = visit(people.administrator())
    assert not keeper.get(here).select("textarea")
    keeper.post(here, {"subject-ar": "موجزك من {academy}", "subject-en": "", "version": "0", "act": "save"})
    assert queries.newest("digest_daily").subject.ar == "موجزك من {academy}"


def test_only_administrators_of_the_academy_word_letters(app, visit):
    agency = people.organisation()
    for who in (people.person(), people.trainer(agency), people.administrator(agency, everywhere=False)):
        outsider = visit(who)
        outsider.get("/admin/letters/wording", status=403)
        outsider.get(HERE, status=404)
        outsider.get(f"{HERE}/versions", status=404)
        for path in (HERE, f"{HERE}/preview", f"{HERE}/restore"):
            outsider.post(path, typed(), status=404)
    visit(people.administrator()).get("/admin/letters/wording/letter_test", status=404)
    assert not db.session.scalar(select(func.count(LetterWording.id)))


def test_each_variable_of_each_kind_has_a_meaning_and_our_words_keep_the_rules(app):
    for kind in kinds.worded():
        assert set(own_words.variables(kind)) <= VALUES.keys() | PHRASES.keys(), kind.name
        said = own_words.shipped(kind)
        assert not list(own_words.faults(kind, said)), kind.name
        assert not own_words.without_shipped(kind, said), kind.name


@given(st.text(alphabet="ab{} \n}course", max_size=60), st.text(alphabet="{}course dubyx\n", max_size=60))
def test_words_without_faults_leave_no_bracket_and_say_what_is_needed(the_app, subject, body):
    with the_app.app_context():
        words = OwnWords(LocalizedText("", subject.replace("\n", " ").strip()), LocalizedText("", body.strip()))
        if list(own_words.faults(ASSIGNED, words)):
            return
        said = own_words.standing(ASSIGNED, words)
        assert "{course}" in said.subject.en + said.body.en
        left = re.sub(r"\{\w+\}", "", said.subject.en + said.body.en)
        assert "{" not in left and "}" not in left


@pytest.mark.concurrency
def test_of_two_who_save_at_once_one_is_told(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        me = people.administrator().id

    def save(n):
        return services.reword(ASSIGNED, OwnWords(LocalizedText("", f"{n} {{course}}")), seen=0, actor_id=me, at=NOW)

    outcomes = run_together(6, save, app=crowd_app)
    assert sum(outcome is True for outcome in outcomes) == 1
    assert all(isinstance(outcome, services.NewerWording) for outcome in outcomes if outcome is not True)
