"""The learner's pages as people see them."""

from datetime import date, timedelta

import pytest

from academy.base.db import db
from academy.catalogue import kinds
from academy.catalogue import services as courses
from academy.catalogue.kinds import ActivityKind
from academy.learning import services
from academy.learning.models import ActivityState
from academy.learning.queries import enrolment_of
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import assessment, catalogue, learning
from tests.factories.accounts import LONG_AGO, both


@pytest.fixture(autouse=True)
def quizzes():
    """The kind "quiz", in case its own slice has not registered it."""
    if "quiz" not in kinds.KINDS:
        kinds.add(ActivityKind("quiz", "Quiz", "list-checks", "passed", "assessment.edit_quiz"))


def english(**given):
    return people.person(language="en", **given)


def test_a_stranger_finds_public_courses_only(app, browser):
    catalogue.course(title=both("مقرر عام", "Open course"), public=True)
    catalogue.course(title=both("مقرر داخلي", "Inner course"))
    words = browser.get("/courses").words
    assert "مقرر عام" in words and "مقرر داخلي" not in words


def test_a_stranger_reads_a_public_course_and_is_asked_to_sign_in_for_any_other(app, browser):
    course = catalogue.course(title=both("مقرر عام", "Open course"), public=True)
    assert "مقرر عام" in browser.get(f"/courses/{course.key}").h1.get_text()
    for address in (f"/courses/{catalogue.course().key}", "/courses/there-is-none"):
        browser.get(address, status=302)
        assert "/sign-in" in browser.response.location


@pytest.mark.parametrize(
    ("typed", "found"), [("المستفيدين", True), ("اﻟﻤﺴﺘﻔﻴﺪ", True), ("customers", True), ("الميزانية", False)]
)
def test_words_are_found_in_any_form(app, visit, typed, found):
    catalogue.course(title=both("رحلة المستفيد", "The customer's journey"))
    page = visit(people.person()).get("/courses", query_string={"q": typed})
    assert ("رحلة المستفيد" in page.words) is found


def test_words_that_say_nothing_are_explained_and_do_not_empty_the_list(app, visit):
    catalogue.course(title=both("رحلة", "Journey"))
    page = visit(english()).get("/courses", query_string={"q": "في من"})
    assert "do not narrow the list" in page.words and "Journey" in page.words


def test_the_number_of_results_is_said(app, visit):
    visitor = visit(english())
    for _ in range(2):
        catalogue.course()
    assert "2 courses" in visitor.get("/courses").words
    assert "No course fits these words" in visitor.get("/courses?q=zzzzzz").words


def test_filters_narrow_the_list_and_keep_the_words(app, visit):
    visitor = visit(english())
    competency = services_target("CX-01", 2)
    catalogue.course(title=both("قصير", "Short journey"), level=1, hours=1, competencies=[competency])
    catalogue.course(title=both("طويل", "Long journey"), level=3, hours=9)
    assert "Long journey" not in visitor.get("/courses?level=1&q=journey").words
    assert "Short journey" not in visitor.get("/courses?hours=long").words
    assert "Long journey" not in visitor.get("/courses?competency=CX-01").words
    page = visitor.get("/courses?level=4&q=journey")
    assert "Without the filters, 2 courses fit your words" in page.words
    assert "Short journey" in visitor.get("/courses?level=nonsense&hours=²&page=99999999999").words


def test_the_filters_stay_where_words_find_nothing(app, visit):
    catalogue.course(title=both("قصير", "Short journey"), competencies=[services_target("CX-01", 2)])
    page = visit(english()).get("/courses?q=zzzzzz")
    assert "No course fits these words" in page.words
    assert [option["value"] for option in page.select("select[name=competency] option")] == ["", "CX-01"]


def services_target(key, level):
    return courses.Target(key, level)


def test_my_own_state_is_a_filter(app, visit):
    learner = english()
    mine = catalogue.course(title=both("لي", "Mine"))
    catalogue.course(title=both("آخر", "Other"))
    learning.enrolment(learner, mine)
    visitor = visit(learner)
    taken, new = visitor.get("/courses?mine=active").words, visitor.get("/courses?mine=new").words
    assert "Mine" in taken and "Other" not in taken
    assert "Other" in new and "Mine" not in new


def test_enrolling_leads_to_the_first_activity(app, visit):
    learner, course = english(), catalogue.course(lessons=2)
    visitor = visit(learner)
    visitor.get(f"/courses/{course.key}")
    visitor.post(f"/courses/{course.key}/enrol", follow=False)
    visitor.get(visitor.response.location, follow_redirects=True)
    place = enrolment_of(learner.id, course.id)
    assert visitor.response.request.path == f"/learn/{place.id}/{learning.activity_keys(course)[0]}"


def test_a_closed_course_says_what_is_missing(app, visit):
    first = catalogue.course(title=both("الأول", "The first"))
    second = catalogue.course(prerequisites=[first.id])
    visitor = visit(english())
    assert "Not open to you yet" in visitor.get(f"/courses/{second.key}").words
    page = visitor.post(f"/courses/{second.key}/enrol")
    assert "You can enrol once you have completed: \u2068The first\u2069" in page.words


def test_completing_goes_on_to_the_next_and_ends_with_the_course(app, visit):
    learner, course = english(), catalogue.course(lessons=2)
    enrolment = learning.enrolment(learner, course)
    first, second = learning.activity_keys(course)
    visitor = visit(learner)
    page = visitor.get(f"/learn/{enrolment.id}/{first}")
    assert "0 of 2 · 0%" in page.words and "press the button at the end" in page.words
    assert page.select_one("form.language [name=next]")["value"] == f"/learn/{enrolment.id}/{first}"
    visitor.post(f"/learn/{enrolment.id}/{first}/complete", follow=False)
    assert visitor.response.location.endswith(second)
    page = visitor.post(f"/learn/{enrolment.id}/{second}/complete")
    assert "you have completed the course" in page.words
    assert "Completed on" in visitor.get(f"/learn/{enrolment.id}/{first}").words


def test_a_course_goes_on_where_it_was_left_on_any_device(app, visit):
    learner, course = english(), catalogue.course(lessons=4)
    enrolment = learning.enrolment(learner, course)
    third = learning.activity_keys(course)[2]
    phone = visit(learner)
    address = f"/learn/{enrolment.id}/{third}"
    phone.post(f"{address}/place", {"opened": "1"}, status=204, follow=False)
    phone.post(f"{address}/place", {"block": "6"}, status=204, follow=False)
    desk = visit(learner)
    page = desk.get(f"/courses/{course.key}/go-on", follow_redirects=True)
    assert desk.response.request.path == address
    assert page.select_one("[data-place]")["data-block"] == "6"


def test_odd_places_in_a_lesson_change_nothing(app, visit):
    learner, course = english(), catalogue.course()
    enrolment = learning.enrolment(learner, course)
    visitor = visit(learner)
    for odd in ("-1", "NaN", "1e308", "٣", "x" * 5000):
        visitor.post(
            f"/learn/{enrolment.id}/{learning.activity_keys(course)[0]}/place", {"block": odd}, status=204, follow=False
        )
    assert db.session.query(ActivityState).filter_by(enrolment_id=enrolment.id).count() == 0


def sorting_course():
    course = catalogue.course(units=0, published=False)
    unit = catalogue.unit(catalogue.draft(course))
    catalogue.classify(unit)
    catalogue.lesson(unit)
    courses.publish(course, actor_id=None, at=LONG_AGO)
    return course


def test_sorting_works_by_form_alone_and_explains_what_lies_wrong(app, visit):
    learner, course = english(), sorting_course()
    enrolment = learning.enrolment(learner, course)
    address = f"/learn/{enrolment.id}/{learning.activity_keys(course)[0]}"
    visitor = visit(learner)
    page = visitor.get(address)
    assert "0 of 2 placed so far" in page.words and not page.select("#result .notice")
    # The page jumps to the result: what there is to say about checking too early stands in it.
    page = visitor.post(f"{address}/answers", {})
    assert "Nothing is placed yet" in page.select_one("#result").get_text() and "kept" not in page.words
    page = visitor.post(f"{address}/answers", {"item-i1": "v"})
    said = page.select_one("#result").get_text()
    assert "Place every item, then check again" in said and "1 of 2 placed so far" in said
    assert page.select_one("input[name=item-i1][value=v]").has_attr("checked")
    page = visitor.post(f"{address}/answers", {"item-i1": "f", "item-i2": "f"})
    assert (
        "1 of 2 in the right place" in page.words
        and "Value demand" in page.select_one(".wrong .classify-said").get_text()
    )
    assert "Completed on" in page.words
    assert "Everything is in its place" in visitor.post(f"{address}/answers", {"item-i1": "v", "item-i2": "f"}).words


def quiz_course(**rules):
    course = catalogue.course(units=0, published=False)
    unit = catalogue.unit(catalogue.draft(course))
    version = assessment.quiz(course, **rules)
    catalogue.activity(unit, "quiz", content={"quiz_version_id": version.id}, title=both("الاختبار", "The quiz"))
    catalogue.lesson(unit)
    courses.publish(course, actor_id=None, at=LONG_AGO)
    return course, version


def test_the_page_of_a_quiz_says_its_rules_and_what_is_missing(app, visit):
    course, version = quiz_course(minutes=20, attempts_allowed=2, pass_percent=70)
    learner = english()
    enrolment = learning.enrolment(learner, course)
    address = f"/learn/{enrolment.id}/{learning.activity_keys(course)[0]}"
    page = visit(learner).get(address)
    for said in ("20 minutes", "70%", "2 of 2", "2 questions", "Start the quiz", "pass the quiz with 70% or more"):
        assert said in page.words, said
    assessment.graded(version, learner, right=1, at=NOW)
    words = visit(learner).get(address).words
    assert (
        "your result 50%, pass mark 70%" in words
        and "Not passed" in words
        and "1 of 2" in words
        and "Try again" in words
    )


def test_starting_a_quiz_leads_to_the_attempt(app, visit):
    course, _version = quiz_course()
    learner = english()
    enrolment = learning.enrolment(learner, course)
    visitor = visit(learner)
    visitor.post(f"/learn/{enrolment.id}/{learning.activity_keys(course)[0]}/attempt", follow=False)
    assert visitor.response.location.startswith("/attempts/")


def test_passing_the_quiz_completes_it_and_the_way_back_goes_on(app, visit):
    course, version = quiz_course()
    learner = english()
    enrolment = learning.enrolment(learner, course)
    services.open_activity(enrolment.id, learning.activity_ids(course)[0], at=NOW)
    services.hear_attempt(assessment.graded(version, learner, at=NOW).id)
    visitor = visit(learner)
    visitor.get(f"/courses/{course.key}/go-on?after=quiz", follow_redirects=True)
    assert visitor.response.request.path.endswith(learning.activity_keys(course)[1])
    visitor.post(f"/learn/{enrolment.id}/{learning.activity_keys(course)[1]}/complete")
    visitor.get(f"/courses/{course.key}/go-on?after=quiz", follow_redirects=True)
    assert visitor.response.request.path == f"/courses/{course.key}"


def test_used_up_attempts_are_refused_with_the_reason(app, visit):
    course, version = quiz_course(attempts_allowed=1)
    learner = english()
    enrolment = learning.enrolment(learner, course)
    assessment.graded(version, learner, right=False, at=NOW)
    address = f"/learn/{enrolment.id}/{learning.activity_keys(course)[0]}"
    assert "You have used all your attempts." in visit(learner).post(f"{address}/attempt").words


def test_my_courses_are_grouped_by_what_is_due(app, visit):
    learner = english()
    for name, due in (("Late", date(2020, 1, 1)), ("Soon", date.today() + timedelta(days=3))):
        learning.assigned(catalogue.course(title=both(name, name)), learner, due)
    learning.enrolment(learner, catalogue.course(title=both("Going", "Going")))
    learning.completed(learning.enrolment(learner, catalogue.course(title=both("Done", "Done"))))
    page = visit(learner).get("/my-courses")
    groups = {section.h2.get_text(): section.get_text(" ") for section in page.select("section.panel")}
    assert list(groups) == ["Overdue", "Due by a date", "In progress", "Completed"]
    assert (
        "Late" in groups["Overdue"]
        and "Soon" in groups["Due by a date"]
        and "Going" in groups["In progress"]
        and "Done" in groups["Completed"]
    )


def test_leaving_a_course_and_coming_back(app, visit):
    learner, course = english(), catalogue.course()
    learning.enrolment(learner, course)
    visitor = visit(learner)
    assert "You have left the course" in visitor.post(f"/courses/{course.key}/withdraw").words
    assert "Enrol" in visitor.get(f"/courses/{course.key}").words
    visitor.post(f"/courses/{course.key}/enrol")
    assert enrolment_of(learner.id, course.id).state == "active"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_speaks_the_readers_language(app, visit, language):
    learner, course = people.person(language=language), sorting_course()
    enrolment = learning.enrolment(learner, course)
    sorting, lesson = learning.activity_keys(course)
    visitor = visit(learner)
    for address in (
        "/courses",
        f"/courses/{course.key}",
        "/my-courses",
        f"/learn/{enrolment.id}/{sorting}",
        f"/learn/{enrolment.id}/{lesson}",
    ):
        assert visitor.get(address).html["lang"] == language


@pytest.mark.parametrize(
    "zoo", ["<b>ب</b>", "{{7*7}}", "مُدَرِّسٌ ـــ لآ", "O'Brien", "=1+1", "👨‍👩‍👧", "ا" * 200, "%(name)s", "null"]
)
def test_any_title_is_shown_as_it_was_written(app, visit, zoo):
    course = catalogue.course(title=both(zoo, zoo), lessons=1)
    learner = people.person()
    enrolment = learning.enrolment(learner, course)
    visitor = visit(learner)
    assert visitor.get(f"/courses/{course.key}").h1.get_text() == zoo
    assert zoo in visitor.get("/courses").get_text() and zoo in visitor.get("/my-courses").get_text()
    assert zoo in visitor.get(f"/learn/{enrolment.id}/{learning.activity_keys(course)[0]}").get_text()


@pytest.mark.parametrize(("hours", "said"), [(3, True), (2, False), (1, False)])
def test_hours_beyond_the_outline_are_explained_beside_them(visit, hours, said):
    """Twelve lessons of ten minutes: three hours count practice as well, two are just what the outline takes."""
    course = catalogue.course(hours=hours, lessons=12)
    page = visit(english()).get(f"/courses/{course.key}")
    assert page.select_one(".course-outline header small").get_text(strip=True) == "2 hours"
    assert ("activities here take about 2 hours; the hours also count practice" in page.words) is said


@pytest.mark.parametrize("certified", [True, False])
def test_a_course_that_is_taken_anew_speaks_of_its_certificate_only_where_there_is_one(visit, certified):
    """CE5"""
    who, course = people.person(), catalogue.course(gives_certificate=certified)
    learning.completed(learning.enrolment(who, course))
    services.take_anew(who.id, course.id, at=NOW)
    words = visit(who).get(f"/courses/{course.key}").words
    assert "أنت تعيد هذا المقرر" in words and ("سارية حتى آخر يوم فيها" in words) is certified
