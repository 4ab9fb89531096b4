"""The starter content reads cleanly, and content that is wrong says where and why."""

import json
import shutil
from decimal import Decimal

import pytest
import yaml

from academy.devdata.reading import (
    CONTENT,
    BadContent,
    read_competencies,
    read_course,
    read_glossary,
    read_library,
    read_programmes,
    read_scenario,
    validate,
)

COURSES = sorted((CONTENT / "courses").glob("*.yaml"))
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
TEXT = {"ar": "نص", "en": "Text"}


@pytest.fixture(scope="module")
def library():
    return read_library()


@pytest.fixture
def folder(tmp_path):
    """A copy of the starter content that a test may spoil."""
    return shutil.copytree(CONTENT, tmp_path / "content")


@pytest.fixture
def spoil(folder):
    """Change one file of the copy: `spoil("courses/x.yaml", lambda top: …)`."""

    def change(name, how):
        path = folder / name
        top = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
        how(top)
        path.write_text(yaml.dump(top, Dumper=DUMPER, allow_unicode=True), encoding="utf-8")
        return path

    return change


class TestTheStarterContent:
    def test_everything_reads_and_agrees(self, library):
        assert validate(library) == ()

    def test_courses_come_after_what_they_build_on(self, library):
        assert [course.id for course in library.courses] == ["cx-foundations", "cx-measurement", "service-design"]

    def test_a_course_is_read_whole(self, library):
        course = library.courses[0]
        assert (course.code, course.version, course.level, course.hours) == ("CXA-101", "1.0", 1, Decimal(6))
        assert course.title.en == "Foundations of government customer experience"
        assert (course.competencies[2].id, course.competencies[2].level) == ("D4.1", 2)
        assert (course.objectives[2].id, course.objectives[2].bloom) == ("o3", "analyze")
        assert [len(unit.lessons) for unit in course.units] == [3, 3, 3] and len(course.lessons) == 9
        assert course.lessons[0].minutes == 25 and course.lessons[0].objectives == ("o1",)
        assert course.lessons[0].body.ar.startswith("**الخدمة** ما تقدّمه الجهة")
        assert course.lessons[0].key_points[0].en == "Experience starts before the counter and ends after it."

    def test_the_exercise_of_a_lesson_is_read(self, library):
        (activity,) = [lesson.activity for lesson in library.courses[0].lessons if lesson.activity]
        assert [category.id for category in activity.categories] == ["v", "f"]
        assert (activity.items[0].answer, activity.items[1].answer) == ("v", "f")

    @pytest.mark.parametrize("path", COURSES, ids=lambda path: path.stem)
    def test_a_question_keeps_its_content_apart_from_its_fields(self, path):
        for question in read_course(path).quiz.questions:
            assert question.content.keys() & {"id", "type", "competency", "objective", "difficulty"} == set()
            assert question.content["stem"].keys() == {"ar", "en"}
            assert json.loads(json.dumps(question.content)) == question.content

    def test_the_quiz_has_its_rules_and_practice_is_kept_as_it_stands(self, library):
        course = library.courses[1]
        assert (course.quiz.pass_percent, course.quiz.attempts, course.quiz.shuffle) == (70, 3, True)
        assert {question.type for question in course.quiz.questions} >= {"numeric", "short_text"}
        assert [task["id"] for task in course.practice] == ["p1", "p2", "p3"]

    def test_the_framework_is_read_whole(self, library):
        framework = library.framework
        assert len(framework.domains) == 7 and len(framework.competencies) == 30
        assert [step.level for step in framework.scale] == [1, 2, 3, 4]
        assert framework.competencies[0].indicators[4].en.startswith("Sets up a continuous research programme")
        frontline = next(role for role in framework.roles if role.id == "frontline")
        assert {aim.id: aim.level for aim in frontline.targets}["D4.1"] == 2

    def test_programmes_exams_and_certificate_rules_are_read(self, library):
        first, agent, organisation, _ = library.programmes.programmes
        assert [step.kind for step in first.steps] == ["course", "practice", "scenario", "observation", "exam"]
        assert agent.steps == first.steps and agent.validity_months == 24
        assert organisation.kind == "organisation" and organisation.hours is None and len(organisation.criteria) == 6
        assert library.programmes.exams[0].blueprint["D4"] == 14
        assert library.programmes.certificate.must_not_show == ("delivery_mode", "national_id")

    def test_glossary_and_scenario_are_read(self, library):
        customer = next(term for term in library.glossary.terms if term.id == "customer")
        assert (customer.term.ar, customer.ar_plural, customer.avoid_ar) == ("مستفيد", "مستفيدون", ("زبون", "مراجع"))
        (scenario,) = library.scenarios
        assert scenario.id == "counter-complaint" and scenario.story["start"] == "n1"


class TestAFileThatCannotBeRead:
    @pytest.mark.parametrize(
        "content",
        [
            b"format: [",
            b"\xff\xfe\x00bad",
            b"",
            b"- a list",
            b"format: cx-course/2",
            b"!!python/object/apply:os.getcwd []",
            b"format: cx-course/1\nid: a\nid: b\n",
            b"format: cx-course/1\n? [1, 2]\n: x\n",
        ],
        ids=["syntax", "encoding", "empty", "list", "other format", "python object", "key twice", "strange key"],
    )
    @pytest.mark.parametrize("read", [read_course, read_competencies, read_programmes, read_glossary, read_scenario])
    def test_it_is_refused_by_name(self, read, content, tmp_path):
        path = tmp_path / "broken.yaml"
        path.write_bytes(content)
        with pytest.raises(BadContent) as caught:
            read(path)
        assert caught.value.file == "broken.yaml"

    def test_a_missing_file_is_refused_by_name(self, tmp_path):
        with pytest.raises(BadContent, match=r"nothing\.yaml: cannot be read"):
            read_course(tmp_path / "nothing.yaml")


def put(*path_and_value):
    """Return a change that puts a value at a path of keys and positions."""

    def change(top):
        *path, last, value = path_and_value
        for key in path:
            top = top[key]
        top[last] = value

    return change


def drop(*path):
    """Return a change that takes away what stands at a path."""

    def change(top):
        *way, last = path
        for key in way:
            top = top[key]
        del top[last]

    return change


FIRST_LESSON = ("modules", 0, "lessons", 0)
FIRST_QUESTION = ("quiz", "questions", 0)
ACTIVITY = {"tool": "classify", "prompt": TEXT, "categories": [], "items": [{"text": TEXT, "answer": "x"}]}


class TestAPartThatIsWrong:
    @pytest.mark.parametrize(
        ("change", "place", "what"),
        [
            (drop("title"), "title", "is missing"),
            (drop("title", "en"), "title", "needs exactly the languages ar and en"),
            (put("title", "fr", "Titre"), "title", "needs exactly the languages ar and en"),
            (put("title", "ar", "  "), "title.ar", "is not a text"),
            (put("title", "Title"), "title", "is not a mapping"),
            (put("version", 1.0), "version", "is not a text"),
            (put("level", 5), "level", "5 is not between 1 and 4"),
            (put("hours", 0), "hours", "is not a number above zero"),
            (put("hours", float("nan")), "hours", "is not a number above zero"),
            (put("hours", float("inf")), "hours", "is not a number above zero"),
            (put("modules", "m1"), "modules", "is not a list"),
            (put("objectives", 0, "bloom", "guess"), "objectives[o1].bloom", "is none of remember, understand"),
            (put(*FIRST_LESSON, "minutes", "25"), "modules[m1].lessons[l1].minutes", "is not a whole number"),
            (put(*FIRST_LESSON, "minutes", True), "modules[m1].lessons[l1].minutes", "is not a whole number"),
            (put(*FIRST_LESSON, "minutes", 0), "modules[m1].lessons[l1].minutes", "is below 1"),
            (put(*FIRST_LESSON, "key_points", 1, "x"), "modules[m1].lessons[l1].key_points[1]", "is not a mapping"),
            (put(*FIRST_LESSON, "activity", ACTIVITY), "modules[m1].lessons[l1].activity.items[0].answer", "x is not"),
            (put(*FIRST_LESSON, "activity", {"tool": "maze"}), "modules[m1].lessons[l1].activity.tool", "is not clas"),
            (put("quiz", "shuffle", "yes"), "quiz.shuffle", "is not true or false"),
            (put("quiz", "pass_percent", 101), "quiz.pass_percent", "101 is not between 1 and 100"),
            (put(*FIRST_QUESTION, "id", False), "quiz.questions[False].id", "is not a text"),
            (put(*FIRST_QUESTION, "difficulty", 4), "quiz.questions[q1].difficulty", "4 is not between 1 and 3"),
            (drop(*FIRST_QUESTION, "stem", "ar"), "quiz.questions[q1].stem", "needs exactly the languages ar and en"),
            (put(*FIRST_QUESTION, "answer", float("nan")), "quiz.questions[q1]", "does not fit into JSON"),
            (
                put("practice", 0, "rubric", 0, "points", "ten"),
                "practice[p1].rubric[r1].points",
                "is not a whole number",
            ),
        ],
    )
    def test_a_course_says_where_and_why(self, change, place, what, spoil):
        path = spoil("courses/cx-foundations.yaml", change)
        with pytest.raises(BadContent) as caught:
            read_course(path)
        assert caught.value.place == place and caught.value.what.startswith(what)

    @pytest.mark.parametrize(
        ("change", "place"),
        [
            (put("programmes", 0, "kind", "crowd"), "programmes[frontline-certificate].kind"),
            (put("programmes", 0, "steps", 0, "kind", "wish"), "programmes[frontline-certificate].steps[s1].kind"),
            (drop("programmes", 0, "steps"), "programmes[frontline-certificate].steps"),
            (drop("programmes", 2, "criteria"), "programmes[partner-organisation].criteria"),
            (put("exams", 0, "items", -1), "exams[exam-frontline].items"),
        ],
    )
    def test_a_programme_says_where(self, change, place, spoil):
        with pytest.raises(BadContent) as caught:
            read_programmes(spoil("programmes.yaml", change))
        assert caught.value.place == place

    def test_an_indicator_of_a_level_that_is_no_level_is_refused(self, spoil):
        path = spoil("competencies.yaml", put("domains", 0, "competencies", 0, "levels", 5, TEXT))
        with pytest.raises(BadContent) as caught:
            read_competencies(path)
        assert caught.value.place == "domains[D1].competencies[D1.1].levels.5"


COURSE = "courses/cx-foundations.yaml"
MEASUREMENT = "courses/cx-measurement.yaml"


class TestPartsThatDoNotAgree:
    @pytest.mark.parametrize(
        ("file", "change", "problem"),
        [
            (COURSE, put("competencies", 0, "id", "D9.9"), "competencies: names the unknown competency D9.9"),
            (COURSE, put(*FIRST_QUESTION, "competency", "D9.9"), "quiz.questions[q1]: names the unknown competency"),
            (COURSE, put(*FIRST_QUESTION, "objective", "o99"), "quiz.questions[q1]: names the unknown objective o99"),
            (COURSE, put(*FIRST_LESSON, "objectives", ["o1", "o99"]), "lessons[l1]: names the unknown objective o99"),
            (COURSE, put("modules", 0, "lessons", 2, "objectives", ["o1"]), "objectives[o3]: has no lesson"),
            (COURSE, put(*FIRST_LESSON, "id", "l2"), "lessons: has l2 twice"),
            (COURSE, put(*FIRST_QUESTION, "id", "q2"), "quiz.questions: has q2 twice"),
            (COURSE, put("prerequisites", ["alchemy"]), "prerequisites: names the unknown course alchemy"),
            (COURSE, put("prerequisites", ["cx-measurement"]), "prerequisites: lead in a circle"),
            (COURSE, put("prerequisites", ["cx-foundations"]), "prerequisites: lead in a circle"),
            (COURSE, put("code", "CXA-201"), "code: has CXA-201 twice"),
            (COURSE, put("practice", 0, "rubric", 0, "points", 99), "rubric: sums to"),
            (COURSE, put("practice", 0, "competencies", 0, "id", "D9.9"), "practice[p1]: names the unknown competency"),
            (MEASUREMENT, put("practice", 0, "fields", 0, "points", 99), "practice[p1].fields: sums to"),
            ("competencies.yaml", drop("domains", 0, "competencies", 0, "levels", 3), "D1.1: needs one indicator"),
            ("competencies.yaml", put("roles", 0, "targets", "D9.9", 1), "roles[frontline]: names the unknown"),
            ("competencies.yaml", put("domains", 1, "id", "D1"), "domains: has D1 twice"),
            ("programmes.yaml", put("exams", 0, "blueprint", "D1", 5), "exams[exam-frontline].blueprint: sums to 41"),
            ("programmes.yaml", put("exams", 0, "blueprint", "D9", 0), "names the unknown domain D9"),
            ("programmes.yaml", put("programmes", 0, "target_role", "pilot"), "names the unknown role pilot"),
            ("programmes.yaml", put("programmes", 3, "steps", 0, "ref", "alchemy"), "unknown course alchemy"),
            ("programmes.yaml", put("programmes", 3, "steps", 3, "ref", "cx-measurement/p9"), "unknown practice"),
            ("programmes.yaml", drop("programmes", 3, "steps", 6, "ref"), "names the unknown exam (none)"),
            ("scenarios/counter-complaint.yaml", put("competencies", 0, "D9.9"), "unknown competency D9.9"),
            ("glossary.yaml", put("terms", 1, "id", "cx"), "terms: has cx twice"),
        ],
    )
    def test_the_folder_is_refused_with_the_reason(self, file, change, problem, folder, spoil):
        spoil(file, change)
        with pytest.raises(BadContent) as caught:
            read_library(folder)
        assert problem in str(caught.value)

    def test_a_practice_item_in_an_unknown_category_is_refused(self, spoil):
        path = spoil(MEASUREMENT, put("practice", 1, "items", 0, "answer", "nowhere"))
        with pytest.raises(BadContent, match="nowhere is not a category"):
            read_course(path)
