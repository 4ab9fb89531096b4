"""Files of questions into and out of a bank: the same preview as for a quiz, drafts in a category, a way round."""

import io

import pytest
from sqlalchemy import select

from academy.assessment import services
from academy.assessment.models import Question, QuestionImport, QuestionVersion
from academy.assessment.queries_of_bank import BankFilter
from academy.assessment.queries_of_exchange import MOST_EXPORTED, banked_questions
from academy.assessment.rules.bank import MOST_TAGS, tags_in
from academy.base.audit import AuditEntry
from academy.base.db import db
from tests.factories import accounts as people
from tests.factories import bank
from tests.factories.accounts import both

GIFT = "::w1::ما أول خطوة؟ {=الإصغاء ~الاعتذار}\n\n::w1::ما التالية؟ {=الفهم ~الرد}\n\nاشرح. {}".encode()


def upload(browser, house, data=GIFT, name="questions.gift"):
    """Upload a file into the first category of a house and return the number of its preview."""
    sent = {"file": (io.BytesIO(data), name), "format": "", "language": "", "csrf_token": browser.csrf_token()}
    where = f"/bank/import?category={house.shelf.id}"
    response = browser.client.post(where, data=sent, content_type="multipart/form-data")
    assert response.status_code == 302, response.get_data(as_text=True)
    return int(response.headers["Location"].rsplit("/", 1)[1])


class Place:
    """A trainer with a category."""

    def __init__(self):
        self.trainer = people.trainer()
        self.of = bank.home(self.trainer)
        self.shelf = bank.category(self.of, name=both("فهم", "Insight"))


@pytest.fixture
def place(app):
    return Place()


@pytest.fixture
def page(visit, place):
    return visit(place.trainer)


def rows(place):
    return db.session.scalars(
        select(Question).where(Question.organisation_id == place.of.id).order_by(Question.id)
    ).all()


def test_a_file_is_previewed_and_its_ticked_questions_become_drafts_of_the_category(page, place):
    plan_id = upload(page, place)
    shown = page.get(f"/bank/import/{plan_id}")
    assert "ما أول خطوة؟" in shown.words and "مرفوض" in shown.words and rows(place) == []
    shown = page.post(f"/bank/import/{plan_id}/apply", {"take": ["0", "1"]})
    assert "استُورد سؤالان" in shown.words
    assert [(row.category_id, row.state, row.lacking) for row in rows(place)] == [(place.shelf.id, "draft", "en")] * 2
    assert len({row.key for row in rows(place)}) == 2
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "assessment:question:import")).one()
    assert entry.organisation_id == place.of.id and entry.after["questions"] == 2
    page.post(f"/bank/import/{plan_id}/apply", {"take": "0"})
    assert len(rows(place)) == 2, "a file is imported once"
    assert db.session.get(QuestionImport, plan_id).category_id == place.shelf.id


def test_nothing_ticked_and_unreadable_files_are_said(page, place):
    plan_id = upload(page, place)
    assert "لم يُحدد أي سؤال" in page.post(f"/bank/import/{plan_id}/apply", {}).words
    sent = {"file": (io.BytesIO(b""), "x.gift"), "format": "", "language": ""}
    shown = page.post("/bank/import", sent, status=422, content_type="multipart/form-data")
    assert shown.select("#file-error")


@pytest.mark.parametrize("format", ["xlsx", "moodle", "gift", "qti21"])
def test_what_is_exported_comes_back_as_it_was(page, place, format):
    for type in ("single", "true_false", "short_text"):
        bank.question(place.trainer, type=type, category=place.shelf)
    where = f"/bank/export?category={place.shelf.id}"
    page.get(f"{where}&format={format}")
    sent = {"format": format, "language": "ar", "csrf_token": page.csrf_token()}
    response = page.client.post(where, data=sent)
    assert response.status_code == 200 and "attachment" in response.headers["Content-Disposition"]
    assert "insight." in response.headers["Content-Disposition"]
    plan_id = upload(page, place, response.get_data(), "again")
    page.post(f"/bank/import/{plan_id}/apply", {"take": ["0", "1", "2"]})
    given, _incomplete = banked_questions(bank.actor(place.trainer), BankFilter(place.of.id))
    types = [each.type for each in given]
    assert sorted(types) == sorted(["single", "true_false", "short_text"] * 2)


@pytest.mark.parametrize("format", ["xlsx", "moodle", "gift", "qti21", "qti30"])
def test_tags_travel_with_the_questions_and_are_found_again(page, place, format):
    """AS20: also a tag that reads like a mark of ours; a strange file's tags become tags of the bank."""
    services.file_question(
        bank.question(place.trainer, category=place.shelf).id,
        category_id=place.shelf.id,
        tags=tags_in("خدمة النافذة, difficulty:3, front desk"),
    )
    sent = {"format": format, "language": "ar", "csrf_token": page.csrf_token()}
    response = page.client.post(f"/bank/export?category={place.shelf.id}", data=sent)
    plan_id = upload(page, place, response.get_data(), "again")
    page.post(f"/bank/import/{plan_id}/apply", {"take": ["0"]})
    given, _incomplete = banked_questions(bank.actor(place.trainer), BankFilter(place.of.id))
    first, second = (set(each.tags) for each in given)
    assert first == second == {"خدمة النافذة", "difficulty:3", "front desk"}
    assert given[1].difficulty == given[0].difficulty != 3
    assert "front desk" in page.get(f"/bank/questions/{rows(place)[1].id}").words


def test_more_tags_than_a_question_may_have_are_said_before_anything_is_written(page, place):
    tags = "".join(f"[tag:t{number}]" for number in range(MOST_TAGS + 2))
    plan_id = upload(page, place, f"// {tags}\n::w9::ما أول خطوة؟ {{=الإصغاء ~الاعتذار}}".encode())
    assert f"t{MOST_TAGS}, t{MOST_TAGS + 1}" in page.get(f"/bank/import/{plan_id}").words
    page.post(f"/bank/import/{plan_id}/apply", {"take": ["0"]})
    given, _incomplete = banked_questions(bank.actor(place.trainer), BankFilter(place.of.id))
    assert len(given[0].tags) == MOST_TAGS


def test_only_the_category_asked_for_goes_into_the_file(page, place):
    bank.question(place.trainer, stem=both("هنا", "Here"), category=place.shelf)
    bank.question(place.trainer, stem=both("هناك", "There"))
    sent = {"format": "gift", "language": "en", "csrf_token": page.csrf_token()}
    body = page.client.post(f"/bank/export?category={place.shelf.id}", data=sent).get_data(as_text=True)
    assert "Here" in body and "There" not in body


def test_more_than_a_file_holds_is_not_exported_in_part(page, place, monkeypatch):
    for _each in range(3):
        bank.question(place.trainer)
    for module in ("queries_of_exchange", "routes.bank_exchange"):
        monkeypatch.setattr(f"academy.assessment.{module}.MOST_EXPORTED", 2)
    shown = page.get("/bank/export")
    assert "يُرجى اختيار تصنيف أصغر" in shown.words and not shown.select("main form")
    sent = {"format": "gift", "language": "en", "csrf_token": page.csrf_token()}
    assert "attachment" not in str(page.client.post("/bank/export", data=sent).headers)
    assert MOST_EXPORTED == 300


@pytest.mark.parametrize("format", ["gift", "qti30"])
def test_an_english_file_with_arabic_answers_stays_english_and_loses_nothing_more(page, place, format):
    """AS20: short texts accept answers in both languages; that does not make an exported English file Arabic."""
    bank.question(place.trainer, type="short_text", category=place.shelf)
    bank.question(place.trainer, type="single", category=place.shelf)
    where = f"/bank/export?category={place.shelf.id}"
    sent = {"format": format, "language": "en", "csrf_token": page.csrf_token()}
    plan = db.session.get(QuestionImport, upload(page, place, page.client.post(where, data=sent).get_data(), "again"))
    assert plan.document["language"] == "en"
    told = {note["code"] for each in plan.document["questions"] for note in each["notes"]}
    assert told <= {"new_bank_key"}


def test_the_page_of_an_export_says_what_stays_behind_and_asks_only_what_matters(page, place):
    """AS20: formats of both languages ask for none, and an incomplete question is not left out in silence."""
    bank.question(place.trainer, category=place.shelf)
    broken = bank.question(place.trainer, category=place.shelf)
    newest = db.session.scalars(select(QuestionVersion).where(QuestionVersion.question_id == broken.id)).one()
    newest.content = {**newest.content, "options": []}
    db.session.flush()
    both_languages = page.get(f"/bank/export?category={place.shelf.id}&format=moodle")
    assert "يبقى خارج الملف سؤال واحد غير مكتمل" in both_languages.words
    assert not both_languages.select("input[type=radio]")
    assert len(page.get(f"/bank/export?category={place.shelf.id}&format=gift").select("input[type=radio]")) == 2
