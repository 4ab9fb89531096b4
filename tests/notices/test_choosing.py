"""Which letters somebody receives is their choice: on a page, and with one press from any letter."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from academy.accounts import services as accounts
from academy.base import jobs
from academy.base.db import db
from academy.learning import services as learning
from academy.notices import kinds, queries, services
from academy.notices.kinds_of_access import PASSWORD_CHANGED
from academy.notices.models import Letter, Notice
from tests.factories import accounts as people
from tests.factories import catalogue
from tests.notices.sink import sink  # noqa: F401
from tests.notices.test_letters import tell

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def letters() -> list[Letter]:
    return list(db.session.scalars(select(Letter).order_by(Letter.id)))


def stop_path(letter: Letter) -> str:
    return re.search(r"http://localhost(/letters/stop/\S+)", letter.text)[1]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_everyone_chooses_how_often_each_kind_comes(app, visit, language):
    """NO4, NO5"""
    who = people.person(language=language)
    browser = visit(who)
    page = browser.get("/account/notices")
    shown = {field["name"]: field.select_one("option[selected]")["value"] for field in page.select("main select")}
    assert {"course_assigned", "direct_message"} <= set(shown) and set(shown.values()) == {"now"}
    browser.post("/account/notices", {**shown, "course_assigned": "never", "reminder": "weekly"})
    assert queries.choices(who.id)["course_assigned"] == "never"
    page = browser.get("/account/notices")
    assert page.select_one("select[name=reminder] option[selected]")["value"] == "weekly"
    assert page.select_one(".side-nav [aria-current=page], nav [aria-current=page]")


def choose(browser, **chosen: str) -> None:
    """Change some of what the page shows and send it, as without scripts."""
    page = browser.get("/account/notices")
    shown = {field["name"]: field.select_one("option[selected]")["value"] for field in page.select("main select")}
    browser.post(
        "/account/notices", {**shown, **{name.replace("all_", "all-"): rhythm for name, rhythm in chosen.items()}}
    )


def test_one_choice_holds_for_all_kinds_of_a_subject(app, visit):
    """NO4"""
    who = people.person()
    browser = visit(who)
    choose(browser, all_talking="weekly")
    mine = queries.choices(who.id)
    assert {"direct_message", "discussion_reply", "mailing"} <= set(mine) and set(mine.values()) == {"weekly"}
    assert not {"course_assigned", "goals_decided", "certificate_issued"} & set(mine)


def test_one_chosen_beside_its_subject_keeps_its_own(app, visit):
    who = people.person()
    browser = visit(who)
    choose(browser, all_growing="never", claim_accepted="daily")
    mine = queries.choices(who.id)
    assert (mine["claim_accepted"], mine["plan_approved"]) == ("daily", "never")
    page = browser.get("/account/notices")
    assert page.select_one("select[name=all-growing] option[selected]")["value"] == ""
    choose(browser, plan_approved="now")
    assert queries.choices(who.id)["plan_approved"] == "now" and queries.choices(who.id)["claim_accepted"] == "daily"


def test_sending_the_page_unchanged_chooses_nothing(app, visit):
    who = people.person()
    browser = visit(who)
    page = browser.get("/account/notices")
    shown = {field["name"]: field.select_one("option[selected]")["value"] for field in page.select("main select")}
    browser.post("/account/notices", shown)
    assert queries.choices(who.id) == {}


def offered(browser) -> set[str]:
    return {field["name"] for field in browser.get("/account/notices").select("main select")}


OF_EVERYBODY = {"course_assigned", "certificate_issued", "direct_message", "announcement"}
OF_CIRCLES = {
    "leaders": {"people_late", "plan_waits", "goals_sent", "request_waiting"},
    "teachers": {"question_returned", "course_draft_approved", "discussion_question"},
    "keepers": {"revocation_waits", "key_to_confirm"},
    "judges": {"accreditation_to_vote"},
    "administrators": {"message_reported", "joining_asked", "late_for_long"},
}
ALL = set(OF_CIRCLES)


@pytest.mark.parametrize(
    ("role", "circles"),
    [
        (None, set()),
        ("manager", {"leaders"}),
        ("trainer", {"teachers"}),
        ("reviewer", {"teachers"}),
        ("officer", {"keepers"}),
        ("committee", {"judges"}),
        ("administrator", ALL),
    ],
)
def test_only_what_can_reach_somebody_is_offered(app, visit, role, circles):
    who = people.person(language="en")
    if role:
        people.grant(who, role)
    shown = offered(visit(who))
    assert shown >= OF_EVERYBODY
    for circle, names in OF_CIRCLES.items():
        assert names & shown == (names if circle in circles else set())


def test_who_leads_people_without_a_role_is_offered_what_reaches_leaders(app, visit):
    who = people.person()
    people.person(manager=who)
    assert offered(visit(who)) >= OF_CIRCLES["leaders"]


def test_what_reached_somebody_once_or_was_chosen_stays_offered(app, visit):
    """Somebody who led people may go on getting late letters about it; what they chose can be taken back."""
    who = people.person()
    services.choose(who.id, {"goals_sent": "weekly", "plan_waits": "now"}, at=NOW)
    tell(who, kinds.PEOPLE_LATE, "late:1", count=1, people="ريم")
    shown = offered(visit(who))
    assert {"goals_sent", "people_late"} <= shown and "plan_waits" not in shown


def test_what_cannot_reach_somebody_is_not_said_to_be_always_sent(app, visit):
    words = visit(people.person(language="en")).get("/account/notices").words
    assert "It protects your account" in words and "Without a second administrator it is not done." not in words


def test_every_kind_has_a_name_and_what_cannot_be_stopped_says_why(app, visit):
    nameless = [kind.name for kind in kinds.KINDS.values() if kind.mailed and not kind.label]
    assert sorted(nameless) == sorted(kinds.DIGESTS.values())
    words = visit(people.person(language="en")).get("/account/notices").words
    assert "Without it nobody could enter the academy." in words and "It protects your account" in words


@pytest.mark.parametrize("sent", ["hourly", "", "now' OR 1=1", "ن" * 300])
def test_a_rhythm_that_is_none_is_refused_next_to_its_field(app, visit, sent):
    who = people.person(language="en")
    chosen = dict.fromkeys(offered(visit(who)), "now")
    page = visit(who).post("/account/notices", {**chosen, "reminder": sent}, 422)
    assert page.select_one(".field.wrong select[name=reminder]") and queries.choices(who.id) == {}


def test_what_is_needed_cannot_be_chosen_away(app, visit):
    who = people.person()
    chosen = {kind.name: "now" for kind in kinds.choosable()}
    visit(who).post("/account/notices", {**chosen, "password_changed": "never"})
    assert not services.stop(who.id, "password_changed", at=NOW)
    tell(who, PASSWORD_CHANGED, "pw:1", moment=NOW)
    assert len(letters()) == 1 and "/letters/stop/" not in letters()[0].text


def test_one_press_stops_the_letters_of_a_kind_without_signing_in(app, browser, sink):  # noqa: F811
    """NO5: the notice stays on the page, other kinds and other people keep their letters."""
    who, other = people.person(language="en"), people.person()
    tell(who)
    path = stop_path(letters()[0])
    page = browser.get(path)
    assert "Courses assigned to me" in page.words or "المقررات المسندة إليّ" in page.words
    assert queries.rhythm(who.id, kinds.kind(kinds.COURSE_ASSIGNED)) == "now"
    browser.post(path)
    tell(who, cause="assigned:2")
    tell(other, cause="assigned:2")
    tell(who, kinds.REMINDER, "remind:1")
    assert [(each.person_id, each.kind) for each in letters()[1:]] == [
        (other.id, "course_assigned"),
        (who.id, "reminder"),
    ]
    assert queries.unread_count(who.id) == 3


def test_mail_programs_stop_letters_with_one_post(app, sink):  # noqa: F811
    """RFC 8058: without cookie and without form token."""
    who = people.person()
    tell(who)
    jobs.run_all_due()
    header = sink.letters[0]["List-Unsubscribe"]
    assert sink.letters[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = re.fullmatch(r"<http://localhost(/letters/stop/[^>]+)>", header)[1]
    db.session.commit()
    answer = app.test_client().post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert queries.rhythm(who.id, kinds.kind(kinds.COURSE_ASSIGNED)) == "never"


@pytest.mark.parametrize("token", ["x", "WzEsImNvdXJzZV9hc3NpZ25lZCJd.AAAA", "..", "ن" * 50])
def test_a_stop_link_nobody_signed_leads_nowhere(app, browser, token):
    browser.get(f"/letters/stop/{token}", status=404)
    browser.post(f"/letters/stop/{token}", status=404)


def test_a_changed_stop_link_stops_nothing(app, browser):
    who, victim = people.person(), people.person()
    path = services.stop_address(who.id, "course_assigned").removeprefix("http://localhost")
    signature = path.rsplit(".", 1)[1]
    theirs = services.stop_address(victim.id, "course_assigned").removeprefix("http://localhost").rsplit(".", 1)[0]
    browser.post(f"{theirs}.{signature}", status=404)
    browser.get(services.stop_address(who.id, "invitation").removeprefix("http://localhost"), status=404)
    assert queries.choices(victim.id) == {}


def test_letters_once_stopped_stay_stopped_through_new_places_and_assignments(app):
    """NO5: only the person starts them again."""
    who = people.person()
    services.stop(who.id, "course_assigned", at=NOW)
    learning.assign(catalogue.course().id, [who.id], by_id=None, due_on=None, at=NOW)
    jobs.run_all_due()
    assert db.session.scalar(select(Notice.kind).where(Notice.person_id == who.id)) == "course_assigned"
    accounts.set_preferences(who, language="en", digits="latn", calendar="both")
    assert not letters() and queries.choices(who.id) == {"course_assigned": "never"}


def test_a_stranger_is_asked_to_sign_in_before_choosing(app, browser):
    browser.get("/account/notices", status=302)
    assert browser.response.headers["Location"].startswith("/sign-in")


def test_the_page_of_choices_costs_few_statements(app, visit, statements):
    browser = visit(people.person())
    with statements() as seen:
        browser.get("/account/notices")
    assert len(seen) <= 3, seen
