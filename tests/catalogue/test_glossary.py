"""The glossary: found however it is typed, kept by the academy alone, one term an idea."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.base.arabic import sort_key
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Invalid
from academy.catalogue import services
from academy.catalogue.models import GlossaryTerm
from academy.catalogue.refusals import TermTaken
from academy.catalogue.routes.glossary import AT_ONCE
from academy.catalogue.rules.glossary import by_letter, key_of, letter_of, words_of
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories.accounts import both


def term(ar: str, en: str, **given) -> GlossaryTerm:
    """A term of the glossary."""
    return services.add_term(services.TermDetails(term=both(ar, en), **given), at=NOW, actor_id=None)


# --- Rules ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("إغلاق الحلقة", "ا"), ("الأثر", "ا"), ("آلة", "ا"), ("المستفيد الخفي", "م"), ("خِدمة", "خ"), ("ألم", "ا"),
        ("journey", "J"), ("Évasion", "E"), ("5S", "#"), ("…", "#"), ("", "#"),
    ],
)  # fmt: skip
def test_a_term_stands_under_the_letter_a_reader_looks_for(text, letter):
    assert letter_of(text) == letter


@given(st.lists(st.text(max_size=12), max_size=20))
def test_every_term_stands_once_under_its_letter_and_in_order(names):
    groups = by_letter(names, str)
    shown = [name for _letter, rows in groups for name in rows]
    assert sorted(shown) == sorted(names)
    assert len({letter for letter, _ in groups}) == len(groups)
    for letter, rows in groups:
        assert {letter_of(row) for row in rows} == {letter}
        assert rows == sorted(rows, key=sort_key)


@given(st.text(max_size=40), st.sets(st.text(max_size=10), max_size=3))
def test_a_key_is_free_and_fit_for_an_address(english, taken):
    key = key_of(both("أ", english), taken)
    assert key not in taken and key.replace("_", "").isalnum() and key.isascii() and key != "new"


def test_words_are_apart_by_arabic_and_latin_commas():
    assert words_of("زبون، مراجع, client؛ زبون ; \n ") == ["زبون", "مراجع", "client"]


# --- Keeping it ----------------------------------------------------------------------------


def test_half_a_term_and_a_known_one_are_refused(app):
    term("خدمة", "service")
    with pytest.raises(Invalid):
        services.add_term(services.TermDetails(term=both("قناة", "")), at=NOW, actor_id=None)
    for ar, en in (("خدمه", "channel"), ("قناة", "Service"), ("خِدمة", "channel")):
        with pytest.raises(TermTaken):
            term(ar, en)
    assert db.session.query(GlossaryTerm).count() == 1


def test_an_administrator_adds_changes_and_removes_with_a_trace(visit):
    admin = people.administrator()
    desk = visit(admin)
    form = {"term-ar": "مستفيد", "term-en": "customer", "plural-ar": "مستفيدون", "avoid": "زبون، مراجع"}
    page = desk.post("/glossary/new", form)
    assert "مستفيد" in page.words and "زبون" in page.words
    row = db.session.query(GlossaryTerm).one()
    assert (row.key, row.avoid) == ("customer", ["زبون", "مراجع"])
    kept = desk.get("/glossary/customer")
    assert kept.select_one("#avoid")["value"] == "زبون، مراجع"
    desk.post("/glossary/customer", {**form, "term-en": "beneficiary", "revision": "1"})
    assert db.session.query(GlossaryTerm).one().term.en == "beneficiary"
    desk.post("/glossary/customer/remove")
    assert db.session.query(GlossaryTerm).count() == 0
    acts = [(e.act, e.actor_id) for e in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert acts == [(f"catalogue:term:{verb}", admin.id) for verb in ("add", "edit", "remove")]


def test_what_was_typed_is_kept_and_explained(visit):
    term("خدمة", "service")
    desk = visit(people.administrator(language="en"))
    page = desk.post("/glossary/new", {"term-ar": "خدمة", "term-en": "care", "synonyms": "عناية"}, status=422)
    assert "already has this term" in page.words
    assert page.select_one("#term-en")["value"] == "care" and page.select_one("#synonyms")["value"] == "عناية"
    assert "both languages" in desk.post("/glossary/new", {"term-ar": "قناة"}, status=422).words
    assert (
        "at most 30 words"
        in desk.post(
            "/glossary/new", {"term-ar": "ق", "term-en": "c", "avoid": ",".join(map(str, range(40)))}, status=422
        ).words
    )


def test_an_older_page_does_not_overwrite_a_newer_save(visit):
    term("خدمة", "service")
    desk = visit(people.administrator(language="en"))
    desk.post("/glossary/service", {"term-ar": "خدمة", "term-en": "first", "revision": "1"})
    page = desk.post("/glossary/service", {"term-ar": "خدمة", "term-en": "second", "revision": "1"}, status=409)
    assert "changed in the meantime" in page.words and page.select_one("#term-en")["value"] == "second"
    assert db.session.query(GlossaryTerm).one().term.en == "first"


def test_only_those_who_keep_the_whole_academy_may_change_it(visit, browser):
    row = term("خدمة", "service")
    agency = people.organisation()
    everywhere = people.grant(people.person(), "trainer")
    assert "خدمة" in visit(everywhere).get("/glossary/service").words
    for who in (people.person(), people.trainer(of=agency), people.administrator(of=agency, everywhere=False)):
        outsider = visit(who)
        assert not outsider.get("/glossary").select("a[href='/glossary/new'], a[href='/glossary/service']")
        outsider.get("/glossary/new", status=403)
        outsider.get("/glossary/service", status=404)
        outsider.post("/glossary/service", {"term-ar": "س", "term-en": "x", "revision": "1"}, status=404)
        outsider.post("/glossary/service/remove", status=404)
    browser.get("/glossary/new", status=302)
    assert db.session.get(GlossaryTerm, row.id).term == both("خدمة", "service")


# --- Reading it ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [("رحله المستفيدين", True), ("الرِّحلة", True), ("journeys", True), ("زبون", True), ("استشراف", False)],
)
def test_a_stranger_finds_a_term_in_any_form(browser, typed, found):
    term("رحلة المستفيد", "customer journey", avoid=["رحلة الزبون"])
    words = browser.get("/glossary", query_string={"q": typed}).words
    assert ("customer journey" in words) is found


def test_both_faces_stand_side_by_side_each_in_its_language(browser):
    term("رحلة", "journey", abbreviation="J", plural=both("رحلات", ""), definition=both("كل ما يمر به.", ""))
    page = browser.get("/glossary")
    faces = page.select("#term-journey .faces b")
    assert [(face["lang"], face["dir"]) for face in faces] == [("ar", "rtl"), ("en", "ltr")]
    assert "رحلات" in page.words and "كل ما يمر به." in page.words
    assert page.select_one("footer a[href='/glossary']")


def test_the_note_for_editors_is_not_shown_to_readers(browser):
    term("رحلة", "journey", note=both("كناري-ملاحظة", "Canary note"))
    assert "كناري-ملاحظة" not in browser.get("/glossary").words


def test_the_order_follows_the_language_and_can_be_chosen(browser):
    term("ياء", "alpha")
    term("ألف", "zeta")
    arabic = browser.get("/glossary").words
    assert arabic.index("zeta") < arabic.index("alpha")
    english = browser.get("/glossary?order=en").words
    assert english.index("alpha") < english.index("zeta")
    assert browser.get("/glossary?order=xx&letter=%F0%9F%A4%96&page=-1")


def test_a_large_glossary_is_shown_letter_by_letter_in_a_fixed_number_of_statements(browser, statements):
    for number in range(AT_ONCE + 10):
        term(f"{'بتثج'[number % 4]}كلمة {number}", f"word {number}")
    with statements() as seen:
        page = browser.get("/glossary")
    assert len(seen) <= 8
    assert len(page.select(".term")) == 40 and len(page.select(".letters a")) == 4
    other = browser.get("/glossary", query_string={"letter": "ج"})
    assert other.select_one(".letters a[aria-current]").get_text() == "ج"
