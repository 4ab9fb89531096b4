"""AS20: the categories of a bank travel with its questions, where a format has a place for them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from academy.assessment.exchange import read
from academy.assessment.exchange.category_paths import from_moodle, joined, moodle_path, parted
from academy.assessment.models import Question, QuestionCategory, QuestionVersion
from academy.assessment.rules.bank import DEEPEST
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.text import LocalizedText
from tests.assessment.test_bank_exchange import Place, upload
from tests.conftest import EXAMPLES
from tests.factories import accounts as people
from tests.factories import bank
from tests.factories.accounts import both

ALIKE = "$CATEGORY: $course$/top/{}\n\n::w1::ما أول خطوة؟ {{=الإصغاء ~الاعتذار}}\n"


@pytest.fixture
def place(app):
    return Place()


@pytest.fixture
def page(visit, place):
    return visit(place.trainer)


def tree(place):
    """Return the paths of names of all categories of a bank, in Arabic."""
    rows = db.session.scalars(select(QuestionCategory).where(QuestionCategory.organisation_id == place.of.id)).all()
    names = {row.id: row.name.show("ar") for row in rows}
    return sorted(" > ".join(names[int(each)] for each in row.path.strip("/").split("/")) for row in rows)


def where(place):
    """Return where each question lies, by its key."""
    rows = db.session.execute(select(Question.key, QuestionCategory).join(QuestionCategory, isouter=True))
    return {key: row.name if row else None for key, row in rows}


@given(st.lists(st.text("اب /a'{}~=#:", min_size=1, max_size=6).filter(str.strip), max_size=4))
@settings(max_examples=EXAMPLES * 2)
def test_a_path_is_read_as_it_was_written(names):
    """Slashes inside a name, at its ends and alone, come back."""
    assert parted(joined(names)) == [name.strip() for name in names]


def test_what_real_files_say_of_categories_is_understood():
    assert from_moodle("$course$/top/Default for Unit 1: Topic") == (LocalizedText(en="Default for Unit 1: Topic"),)
    assert from_moodle("$cat1$/top/خدمة//نوافذ/Tone") == (LocalizedText(ar="خدمة/نوافذ"), LocalizedText(en="Tone"))
    assert from_moodle("$course$/top") == from_moodle("top") == ()
    assert from_moodle(moodle_path(["top", "a"])) == (LocalizedText(en="top"), LocalizedText(en="a"))


@pytest.mark.parametrize("format", ["xlsx", "csv", "moodle", "gift"])
def test_a_tree_of_categories_is_built_again_in_another_bank(visit, page, place, format):
    """After a preview that names what will be added; both languages where the format has both; loose ones stay loose."""
    below = bank.category(place.of, name=both("شكاوى/بلاغات", "Complaints/reports"), parent=place.shelf)
    for number, shelf in enumerate([place.shelf, below, None, below]):
        bank.question(place.trainer, stem=both(f"سؤال {number}", f"Question {number}"), category=shelf)
    sent = {"format": format, "language": "ar", "csrf_token": page.csrf_token()}
    made = page.client.post("/bank/export", data=sent).get_data()
    other = Other()
    theirs = visit(other.trainer)
    plan_id = upload(theirs, other, made, f"again.{format}")
    shown = theirs.get(f"/bank/import/{plan_id}").words
    assert "ستُضاف هذه التصنيفات إلى البنك" in shown and "فهم / شكاوى/بلاغات" in shown
    assert tree(other) == ["أخرى"], "nothing is written before the decision"
    theirs.post(f"/bank/import/{plan_id}/apply", {"take": ["0", "1", "2", "3"], "categories": "yes"})
    assert tree(other) == ["أخرى", "أخرى > فهم", "أخرى > فهم > شكاوى/بلاغات"]
    rows = db.session.scalars(select(Question).where(Question.organisation_id == other.of.id)).all()
    names = {_stem(row): db.session.get(QuestionCategory, row.category_id).name for row in rows}
    assert names["سؤال 2"].ar == "أخرى" and names["سؤال 0"].ar == "فهم"
    assert names["سؤال 1"] == names["سؤال 3"] and names["سؤال 1"].ar == "شكاوى/بلاغات"
    assert names["سؤال 1"].en == ("" if format == "gift" else "Complaints/reports")
    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.organisation_id == other.of.id)).all()
    assert acts.count("assessment:category:create") == 3, "the one of the scene and two of the file"


def _stem(question):
    version = db.session.scalars(select(QuestionVersion).where(QuestionVersion.question_id == question.id)).one()
    return version.content["stem"]["ar"]


class Other(Place):
    """Another house, with another category."""

    def __init__(self):
        self.trainer = people.trainer(of=people.organisation())
        self.of = bank.home(self.trainer)
        self.shelf = bank.category(self.of, name=both("أخرى", "Other"))


def test_what_is_there_is_used_and_not_made_twice(page, place):
    """A file that names the chosen category from the top means that one; names compare in either language."""
    for path in ("Insight/Tone", "فهم/Tone", "insight/tone", "Tone"):
        plan_id = upload(page, place, ALIKE.format(path).encode())
        page.post(f"/bank/import/{plan_id}/apply", {"take": ["0"], "categories": "yes"})
    assert tree(place) == ["فهم", "فهم > Tone"]
    assert {name.en for name in where(place).values()} == {"Tone"}


def test_without_the_tick_all_go_where_the_trainer_said(page, place):
    plan_id = upload(page, place, ALIKE.format("Elsewhere").encode())
    assert page.get(f"/bank/import/{plan_id}").select("input[name=categories][checked]")
    page.post(f"/bank/import/{plan_id}/apply", {"take": ["0"]})
    assert tree(place) == ["فهم"] and where(place) == {"q1": place.shelf.name}


def test_a_category_too_deep_is_cut_and_the_preview_says_so(page, place):
    names = [f"n{number}" for number in range(1, DEEPEST + 3)]
    plan_id = upload(page, place, ALIKE.format("/".join(names)).encode())
    assert f"n{DEEPEST - 1}" in page.get(f"/bank/import/{plan_id}").words
    page.post(f"/bank/import/{plan_id}/apply", {"take": ["0"], "categories": "yes"})
    assert where(place)["q1"].en == f"n{DEEPEST - 1}", "below the chosen one, which is the first"


def test_a_file_of_very_many_categories_keeps_its_questions_without_them(page, place, monkeypatch):
    monkeypatch.setattr("academy.assessment.services.exchanging.MOST_NEW", 1)
    plan_id = upload(page, place, ALIKE.format("a/b").encode())
    shown = page.get(f"/bank/import/{plan_id}")
    assert "أكثر من 1 من التصنيفات الجديدة" in shown.words and not shown.select("[name=categories]")
    page.post(f"/bank/import/{plan_id}/apply", {"take": ["0"], "categories": "yes"})
    assert tree(place) == ["فهم"] and where(place) == {"q1": place.shelf.name}


def test_formats_without_categories_say_that_they_are_lost(page, place):
    bank.question(place.trainer, category=place.shelf)
    for format in ("aiken", "qti21", "qti30"):
        assert "يضيع تصنيفه في البنك" in page.get(f"/bank/export?format={format}").words
    assert "يضيع تصنيفه في البنك" not in page.get("/bank/export?format=gift").words


def test_a_category_holds_until_the_next_one_and_hostile_names_do_no_harm():
    text = "$CATEGORY: a\n::1::x{T}\n\n$CATEGORY: $course$/top/<script>alert(1)</script>{}\n\n::2::y{F}\n\n::3::z{T}\n"
    first, *others = read(text.encode(), "x.gift").entries
    assert first.category == (LocalizedText(en="a"),)
    assert {each.category[0].en for each in others} == {"<script>alert(1)<"} and len(others) == 2
    assert read(text.encode(), "x.gift").entries[1].category[1].en == "script>{}"
