"""AS14: a quiz that is taken in Safe Exam Browser: its keys, its settings, and every door of an attempt."""

import plistlib
from datetime import UTC, datetime, timedelta

import pytest

from academy.assessment import services
from academy.assessment.models import AttemptItem
from academy.assessment.rules.safe_browser import (
    Exam,
    NoAddress,
    NoKey,
    config_key,
    header_hash,
    read_allowed,
    read_keys,
    seb_json,
    seb_url,
)
from academy.base import place
from academy.base.browser import Browser
from academy.base.db import db
from tests.factories import accounts as people
from tests.factories import assessment as quizzes
from tests.factories import catalogue, learning

NOW = datetime.now(UTC)
AGO = NOW - timedelta(hours=2)
KEY, OTHER = "a1" * 32, "b2" * 32
CONFIG, EXAM = "X-SafeExamBrowser-ConfigKeyHash", "X-SafeExamBrowser-RequestHash"
# The settings and both keys are those that the tests of Moodle's quizaccess_seb publish (quiz_settings_test.php).
MOODLE = {
    "showTaskBar": True, "allowWlan": False, "showReloadButton": True, "showTime": False, "showInputLanguage": True,
    "allowQuit": True, "quitURLConfirm": True, "audioControlEnabled": True, "audioMute": False, "allowSpellCheck": False,
    "browserWindowAllowReload": True, "URLFilterEnable": True, "URLFilterEnableContentFilter": False,
    "hashedQuitPassword": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "URLFilterRules": [{"action": 1, "active": True, "expression": "test.com", "regex": False}],
    "startURL": "https://www.example.com/moodle/mod/quiz/view.php?id=1", "sendBrowserExamKey": True,
    "browserWindowWebView": 3, "examSessionClearCookiesOnStart": False, "allowPreferencesWindow": False,
}  # fmt: skip


class Hall:
    """A learner before a published quiz that asks for the browser, and the hashes that it would send."""

    def __init__(self, visit, mode="settings", begun=True, types=("true_false", "true_false"), **chosen) -> None:
        self.course = catalogue.course(people.organisation(), units=0, published=False)
        self.activity = catalogue.activity(catalogue.unit(catalogue.draft(self.course)), "quiz")
        self.version = db.session.get(quizzes.QuizVersion, self.activity.content["quiz_version_id"])
        self.version.secure_browser, self.version.secure, self.version.shuffle = mode, chosen, False
        for name in types:
            quizzes.question(self.version, name)
        catalogue.services.publish(self.course, actor_id=None, at=AGO)
        self.learner = people.person()
        self.enrolment = learning.enrolment(self.learner, self.course)
        self.page = f"/learn/{self.enrolment.id}/{self.activity.key}"
        self.browser = visit(self.learner)
        self.attempt = self.begin() if begun else None
        db.session.commit()

    @property
    def exam(self) -> Exam:
        return Exam(self.version.secure_browser, self.version.secure, place.base_url(), self.version.quiz_id)

    def begin(self):
        url = "https://wherever/"
        inside = Browser(url, exam_hash=header_hash(url, self.exam.keys()[0]))
        if self.version.secure_browser == "settings":
            inside = Browser(url, config_hash=header_hash(url, self.exam.keys()[0]))
        return services.start_attempt(self.version.id, self.learner.id, at=NOW, browser=inside)

    def sent(self, path, key=None, header=CONFIG):
        return {header: header_hash(place.base_url() + path, key or self.exam.keys()[0])}

    def url(self, tail=""):
        return f"/attempts/{self.attempt.id}{tail}"

    def kept(self):
        rows = db.session.query(AttemptItem).filter_by(attempt_id=self.attempt.id).order_by(AttemptItem.position)
        return [bool(row.response) for row in rows]

    def save(self, position=1, status=200, **headers):
        item = {"position": position, "response": {"choice": "true"}, "known": 0}
        body = {"attempt": self.attempt.id, "items": [item], "client_key": "a" * 12, "client_sequence": 9}
        self.browser._settle()
        given = {"X-CSRFToken": self.browser.csrf_token(), "X-Requested-With": "fetch", **headers}
        response = self.browser.client.post(self.url("/save"), json=body, headers=given)
        assert response.status_code == status
        return response.get_json()


def test_the_config_key_is_the_one_that_others_compute():
    """AS14: the documented algorithm, against two published keys."""
    assert config_key(MOODLE) == "65ff7a3b8aec80e58fbe2e7968826c33cbf0ac444a748055ebe665829cbf4201"
    content_too = {**MOODLE, "URLFilterEnableContentFilter": True}
    assert config_key(content_too) == "d975b8a2ec4472495a8be7c64d7c8cc960dbb62472d5e88a8847ac0e5d77e533"
    assert config_key({**MOODLE, "originatorVersion": "SEB_OSX_2.1.4"}) == config_key(MOODLE)


def test_seb_json_sorts_whatever_the_case_and_escapes_nothing():
    """AS14: what the makers write of it, rule by rule."""
    mixed = {
        "b": "\\a/\"é", "allowWLAN": 1, "allowWlan": 2, "A": [{"z": 1, "Y": b"\x00\x01"}], "none": {}, "list": [],
        "when": datetime(2027, 3, 1, 9, 30),
    }  # fmt: skip
    wanted = (
        '{"A":[{"Y":"AAE=","z":1}],"allowWlan":2,"allowWLAN":1,"b":"\\a/"é","list":[],'
        '"when":"2027-03-01T09:30:00+00:00"}'
    )
    assert seb_json(mixed) == wanted


def test_a_page_is_hashed_with_its_address_without_the_fragment():
    assert header_hash("https://a.example/x?q=1#part", KEY) == header_hash("https://a.example/x?q=1", KEY)
    assert header_hash("https://a.example/x?q=1", KEY) != header_hash("https://a.example/x", KEY)
    assert seb_url("https://a.example/x") == "sebs://a.example/x" and seb_url("http://a/") == "seb://a/"


def test_every_door_of_an_attempt_is_shut_to_another_browser_and_nothing_is_lost(visit):
    """AS14: pages, the form, the script's saves, the review and submitting; what was kept before stays."""
    hall = Hall(visit)
    hall.save(1, **hall.sent(hall.url("/save")))
    assert hall.kept() == [True, False]
    for tail in ("", "?q=2", "/review"):
        page = hall.browser.get(hall.url(tail), 409)
        assert page.select_one("[data-safe-browser]") and not page.select("[data-sheet]")
    form = {"seen-2": "0", "a2": "true", "q": "2", "go": "save"}
    assert "data-safe-browser" in str(hall.browser.post(hall.url(), form, 409, follow=False))
    said = hall.save(2, 409)
    assert said["elsewhere"] and "Safe Exam Browser" in said["error"]
    hall.browser.post(hall.url("/submit"), status=409, follow=False)
    assert hall.kept() == [True, False]
    db.session.refresh(hall.attempt)
    assert hall.attempt.state == "open"


def test_inside_the_browser_everything_goes_on(visit):
    hall = Hall(visit)
    page = hall.browser.get(hall.url("?q=2"), headers=hall.sent(hall.url("?q=2")))
    assert page.select("[data-sheet='2']")
    hall.browser.post(
        hall.url(),
        {"seen-1": "0", "a1": "true", "q": "1", "go": "next"},
        302,
        follow=False,
        headers=hall.sent(hall.url()),
    )
    hall.browser.get(hall.url("/review"), headers=hall.sent(hall.url("/review")))
    hall.browser.post(hall.url("/submit"), status=302, follow=False, headers=hall.sent(hall.url("/submit")))
    page = hall.browser.get(hall.url("/result"), headers=hall.sent(hall.url("/result")))
    assert page.select_one("a[href='/safe-browser/quit']")
    assert not hall.browser.get(hall.url("/result")).select("a[href='/safe-browser/quit']")


@pytest.mark.parametrize(
    ("wrong", "header"), [("other page", CONFIG), ("other key", CONFIG), ("other header", EXAM), ("nonsense", CONFIG)]
)
def test_a_hash_counts_for_its_own_page_key_and_header_only(visit, wrong, header):
    hall = Hall(visit)
    sent = {
        "other page": hall.sent(hall.url("?q=2")), "other key": hall.sent(hall.url(), KEY),
        "other header": hall.sent(hall.url(), header=EXAM), "nonsense": {header: "\xff{}"},
    }[wrong]  # fmt: skip
    hall.browser.get(hall.url(), 409, headers=sent)


def test_keys_that_the_trainer_entered_each_open_the_quiz(visit):
    """AS14: several browser exam keys, one for each version of the browser; a config key of the trainer's own file too."""
    hall = Hall(visit, "keys", keys=[KEY, OTHER])
    for key, header in ((KEY, EXAM), (OTHER, EXAM), (OTHER, CONFIG)):
        hall.browser.get(hall.url(), headers=hall.sent(hall.url(), key, header))
    hall.browser.get(hall.url(), 409, headers=hall.sent(hall.url(), "c3" * 32, EXAM))


def test_the_start_is_shut_too_and_the_page_says_where_to_go(visit):
    hall = Hall(visit, begun=False)
    page = hall.browser.get(hall.page)
    link, file = (page.select_one(f"[data-safe-browser] a[href{how}]")["href"] for how in ("^='seb'", "$='.seb'"))
    assert link.endswith(file) and link.startswith("seb") and not page.select("form[action$='/attempt']")
    hall.browser.post(f"{hall.page}/attempt")
    assert not db.session.query(services.starting.Attempt).filter_by(learner_id=hall.learner.id).count()
    inside = hall.browser.get(hall.page, headers=hall.sent(hall.page))
    assert inside.select("form[action$='/attempt']") and not inside.select("[data-safe-browser]")
    at = f"{hall.page}/attempt"
    hall.browser.post(at, status=302, follow=False, headers=hall.sent(at))
    assert db.session.query(services.starting.Attempt).filter_by(learner_id=hall.learner.id).count() == 1


def test_the_address_that_was_hashed_is_the_public_one(visit, app, monkeypatch):
    """AS14: behind a proxy the request reaches us under another name; the settings' base_url is what the browser asked."""
    hall = Hall(visit)
    here = place.lent.here()
    monkeypatch.setattr(
        place.lent, "here", lambda: here._replace(base_url="https://academy.example.gov.sa/learn-here/")
    )
    public = f"https://academy.example.gov.sa/learn-here{hall.url('?q=2')}"
    sent = {CONFIG: header_hash(public, hall.exam.keys()[0])}
    hall.browser.get(hall.url("?q=2"), headers=sent)
    within = {
        CONFIG: header_hash(f"http://localhost{hall.url('?q=2')}", hall.exam.keys()[0]),
    }
    visit(hall.learner).get(hall.url("?q=2"), 409, headers=within)


def test_the_settings_are_a_property_list_whose_key_opens_the_quiz(visit, browser):
    """AS14: fetched without signing in, as the browser has cookies of its own; by nobody who was not shown the address."""
    hall = Hall(visit, begun=False, allowed=["login.example.gov.sa/*"], quit_password="نخلة 3")
    file = hall.browser.get(hall.page).select_one("a[href$='.seb']")["href"]
    stranger = browser
    response = stranger.client.get(file)
    assert response.mimetype == "application/seb" and response.headers["Cache-Control"] == "no-store"
    settings = plistlib.loads(response.data)
    assert config_key(settings) == hall.exam.keys()[0]
    assert settings["startURL"] == f"{place.base_url()}/learn/quizzes/{hall.version.quiz_id}"
    assert "نخلة" not in response.get_data(as_text=True) and len(settings["hashedQuitPassword"]) == 64
    host = place.base_url().split("//")[1]
    expressions = [rule["expression"] for rule in settings["URLFilterRules"]]
    assert {f"{host}/attempts/*", f"{host}/learn/*/{hall.activity.key}", "login.example.gov.sa/*"} <= set(expressions)
    assert f"{host}/*" not in expressions
    assert stranger.client.get(file.replace(file[-12:-4], "00000000")).status_code == 404
    assert stranger.client.get("/safe-browser/999999/0.seb").status_code == 404
    page = stranger.get("/safe-browser/quit")
    assert page.select_one("h1")


def test_the_start_address_leads_to_signing_in_and_then_to_ones_own_place(visit, browser):
    """AS14: the browser opens one address for everybody, with no session yet."""
    hall = Hall(visit, begun=False)
    start = f"/learn/quizzes/{hall.version.quiz_id}"
    away = browser.client.get(start)
    assert away.status_code == 302 and f"next={start}" in away.location.replace("%2F", "/")
    response = hall.browser.client.get(start)
    assert response.location == hall.page
    assert visit(people.person()).client.get(start).status_code == 404


def test_a_browser_without_headers_shows_its_key_by_script_once_for_the_session(visit):
    """AS14: SEB on macOS and iPadOS sends no headers; a key of another page of ours does, of another site does not."""
    hall = Hall(visit)
    proof, url = f"/safe-browser/{hall.version.id}/proof", place.base_url() + hall.url()
    key = hall.exam.keys()[0]
    for wrong in (
        {"url": url, "config": header_hash(url, KEY)}, {"url": "https://evil.example/", "config": header_hash("https://evil.example/", key)},
        {}, {"url": url}, {"url": url, "config": key},
    ):  # fmt: skip
        hall.browser.send_json(proof, wrong, 403)
    hall.browser.get(hall.url(), 409)
    hall.browser.send_json(proof, {"url": url, "config": header_hash(url, key)})
    hall.browser.get(hall.url())
    hall.save(1)
    assert hall.kept() == [True, False]
    visit(hall.learner).get(hall.url(), 409)
    other = Hall(visit)
    other.browser.send_json(
        f"/safe-browser/{other.version.id}/proof", {"url": url, "config": header_hash(url, key)}, 403
    )


def test_whoever_is_excused_uses_any_browser(visit):
    """AS14, AS16: by an accommodation, as long as it holds."""
    hall = Hall(visit)
    services.accommodate(hall.learner, services.Terms(any_browser=True), actor_id=None, at=NOW)
    page = hall.browser.get(hall.page)
    assert not page.select("[data-safe-browser]") and page.select("form[action$='/attempt']")
    hall.browser.get(hall.url())
    hall.save(1)
    assert hall.kept() == [True, False]
    gone = (NOW - timedelta(days=3)).date()
    services.accommodate(hall.learner, services.Terms(any_browser=True, valid_until=gone), actor_id=None, at=NOW)
    hall.browser.get(hall.url(), 409)


def test_checking_and_moving_on_are_refused_elsewhere(app):
    """AS14: also where no page asks: the services themselves."""
    version = quizzes.quiz(
        types=("true_false", "true_false"),
        navigation="sequential",
        secure_browser="keys",
        secure={"keys": [KEY]},
        tries=2,
    )
    learner, url = people.person(), "https://a.example/"
    inside = Browser(url, exam_hash=header_hash(url, KEY))
    with pytest.raises(services.OutsideSafeBrowser):
        services.start_attempt(version.id, learner.id, at=NOW)
    attempt = services.start_attempt(version.id, learner.id, at=NOW, browser=inside)
    with pytest.raises(services.OutsideSafeBrowser):
        services.move_on(attempt, 1, at=NOW)
    with pytest.raises(services.OutsideSafeBrowser):
        services.check_answer(attempt, 1, at=NOW)
    assert services.move_on(attempt, 1, at=NOW, browser=inside) == 2


def test_asking_costs_a_save_no_statement(visit, statements):
    plain, hall = Hall(visit, "keys", keys=[KEY]), Hall(visit)
    hall.save(1, **hall.sent(hall.url("/save")))
    with statements() as first:
        hall.save(2, **hall.sent(hall.url("/save")))
    with statements() as second:
        plain.save(2, **plain.sent(plain.url("/save"), KEY, EXAM))
    assert abs(len(first) - len(second)) <= 1


def test_the_rules_page_keeps_what_the_trainer_chose(visit):
    """AS14: and refuses what is no key and no address."""
    trainer = people.trainer()
    activity = quizzes.quiz_activity(trainer)
    browser, url = visit(trainer), f"/teach/activities/{activity.id}/quiz/rules"
    form = {
        "title-ar": "اختبار", "title-en": "Quiz", "layout": "one", "navigation": "free", "counting": "best", "tries": "1",
        "pass_percent": "70", "cooling_unit": "hours", "pre_quiz_id": "0", "grace_seconds": "10",
        "seen": browser.get(url).select_one("input[name=seen]")["value"],
    }  # fmt: skip
    page = browser.post(url, {**form, "secure_browser": "keys"}, 422)
    assert page.select_one("#exam_keys-error")
    page = browser.post(url, {**form, "secure_browser": "keys", "exam_keys": "xyz"}, 422)
    assert page.select_one("#exam_keys-error") and page.select_one("details[open] #exam_keys")
    browser.post(url, {**form, "secure_browser": "settings", "allowed": "not an address"}, 422)
    browser.post(url, {**form, "secure_browser": "keys", "exam_keys": f"{KEY.upper()}\n{KEY}\n{OTHER}"})
    version = db.session.get(quizzes.QuizVersion, activity.content["quiz_version_id"])
    assert (version.secure_browser, version.secure) == ("keys", {"keys": [KEY, OTHER]})


def test_keys_and_addresses_are_read_line_by_line():
    assert read_keys(f" {KEY.upper()} \n\n{KEY}") == [KEY]
    assert read_allowed("https://sso.example.sa/login/*\n*.cdn.example:8443\n") == [
        "sso.example.sa/login/*",
        "*.cdn.example:8443",
    ]
    for bad in ("a1", KEY + "0", "g" * 64):
        with pytest.raises(NoKey):
            read_keys(bad)
    for bad in ("a b", "javascript:alert(1)", '"x"', "host/<script>"):
        with pytest.raises(NoAddress):
            read_allowed(bad)
