"""All starter content together, and what must agree from file to file."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from academy.devdata.reading.courses import CourseContent, read_course
from academy.devdata.reading.framework import FrameworkContent, read_competencies
from academy.devdata.reading.glossary import GlossaryContent, read_glossary
from academy.devdata.reading.parts import BadContent
from academy.devdata.reading.programmes import (
    ProgrammesContent,
    StepContent,
    read_programmes,
)
from academy.devdata.reading.scenarios import ScenarioContent, read_scenario

CONTENT = Path(__file__).parents[1] / "content"
FULL_MARKS = 100


@dataclass(frozen=True)
class Library:
    """Everything the starter academy is filled with; courses stand after their prerequisites."""

    framework: FrameworkContent
    courses: tuple[CourseContent, ...]
    programmes: ProgrammesContent
    glossary: GlossaryContent
    scenarios: tuple[ScenarioContent, ...]


def read_library(folder: Path = CONTENT) -> Library:
    """Read and check a folder of content; raises BadContent with the first thing that is wrong."""
    library = Library(
        framework=read_competencies(folder / "competencies.yaml"),
        courses=tuple(read_course(path) for path in sorted((folder / "courses").glob("*.yaml"))),
        programmes=read_programmes(folder / "programmes.yaml"),
        glossary=read_glossary(folder / "glossary.yaml"),
        scenarios=tuple(read_scenario(path) for path in sorted((folder / "scenarios").glob("*.yaml"))),
    )
    for problem in validate(library):
        raise problem
    return Library(
        library.framework,
        in_order(library.courses),
        library.programmes,
        library.glossary,
        library.scenarios,
    )


def validate(library: Library) -> tuple[BadContent, ...]:
    """Return everything that does not agree: unknown references, ids given twice, sums that are off."""
    return (
        *_of_the_framework(library.framework),
        *(problem for course in library.courses for problem in _of_a_course(course, library)),
        *_of_the_order(library.courses),
        *_of_the_programmes(library),
        *(problem for scenario in library.scenarios for problem in _of_a_scenario(scenario, library.framework)),
        *_twice(library.glossary.file, "terms", (term.id for term in library.glossary.terms)),
    )


def in_order(courses: Iterable[CourseContent]) -> tuple[CourseContent, ...]:
    """Put each course after its prerequisites; those in a circle or without a file stay away."""
    waiting, ready = list(courses), list[CourseContent]()
    while able := [course for course in waiting if set(course.prerequisites) <= {done.id for done in ready}]:
        ready += able
        waiting = [course for course in waiting if course not in able]
    return tuple(ready)


def _of_the_framework(framework: FrameworkContent) -> Iterator[BadContent]:
    file, levels = framework.file, [step.level for step in framework.scale]
    known = {competency.id for competency in framework.competencies}
    yield from _twice(file, "scale", map(str, levels))
    yield from _twice(file, "domains", (domain.id for domain in framework.domains))
    yield from _twice(file, "competencies", (competency.id for competency in framework.competencies))
    yield from _twice(file, "roles", (role.id for role in framework.roles))
    for competency in framework.competencies:
        if set(competency.indicators) != set(levels):
            yield BadContent(file, competency.id, "needs one indicator for each level of the scale")
    for role in framework.roles:
        yield from _unknown(
            file,
            f"roles[{role.id}]",
            "competency",
            (aim.id for aim in role.targets),
            known,
        )


def _of_a_course(course: CourseContent, library: Library) -> Iterator[BadContent]:
    file, objectives = course.file, {objective.id for objective in course.objectives}
    known = {competency.id for competency in library.framework.competencies}
    taught = {id for lesson in course.lessons for id in lesson.objectives}
    yield from _twice(file, "objectives", (objective.id for objective in course.objectives))
    yield from _twice(file, "modules", (unit.id for unit in course.units))
    yield from _twice(file, "lessons", (lesson.id for lesson in course.lessons))
    yield from _twice(file, "quiz.questions", (question.id for question in course.quiz.questions))
    yield from _twice(file, "practice", (task["id"] for task in course.practice))
    yield from _unknown(
        file,
        "competencies",
        "competency",
        (aim.id for aim in course.competencies),
        known,
    )
    for lesson in course.lessons:
        yield from _unknown(file, f"lessons[{lesson.id}]", "objective", lesson.objectives, objectives)
    yield from (BadContent(file, f"objectives[{id}]", "has no lesson") for id in sorted(objectives - taught))
    for question in course.quiz.questions:
        place = f"quiz.questions[{question.id}]"
        yield from _unknown(file, place, "competency", [question.competency], known)
        yield from _unknown(file, place, "objective", [question.objective], objectives)
    for task in course.practice:
        yield from _of_a_task(file, task, known)


def _of_a_task(file: str, task: dict[str, Any], known: set[str]) -> Iterator[BadContent]:
    place = f"practice[{task['id']}]"
    yield from _unknown(
        file,
        place,
        "competency",
        (aim["id"] for aim in task["competencies"]),
        known,
    )
    for marks in ("rubric", "fields"):
        total = sum(line["points"] for line in task.get(marks, ()))
        if marks in task and total != FULL_MARKS:
            yield BadContent(file, f"{place}.{marks}", f"sums to {total} points, not {FULL_MARKS}")


def _of_the_order(courses: tuple[CourseContent, ...]) -> Iterator[BadContent]:
    known, placed = (
        {course.id for course in courses},
        {course.id for course in in_order(courses)},
    )
    yield from _twice("courses", "id", (course.id for course in courses))
    yield from _twice("courses", "code", (course.code for course in courses))
    for course in courses:
        yield from _unknown(course.file, "prerequisites", "course", course.prerequisites, known)
        if course.id not in placed and set(course.prerequisites) <= known:
            yield BadContent(
                course.file,
                "prerequisites",
                "lead in a circle, or to a course that cannot be placed",
            )


def _of_the_programmes(library: Library) -> Iterator[BadContent]:
    file, content = library.programmes.file, library.programmes
    domains, roles = _ids(library.framework.domains), _ids(library.framework.roles)
    targets = _step_targets(library)
    yield from _twice(file, "programmes", (programme.id for programme in content.programmes))
    yield from _twice(file, "exams", (exam.id for exam in content.exams))
    for programme in content.programmes:
        place = f"programmes[{programme.id}]"
        yield from _unknown(file, place, "role", filter(None, [programme.target_role]), roles)
        yield from _twice(file, f"{place}.steps", (step.id for step in programme.steps))
        for step in programme.steps:
            yield from _of_a_step(file, f"{place}.steps[{step.id}]", step, targets)
    for exam in content.exams:
        place = f"exams[{exam.id}].blueprint"
        yield from _unknown(
            file,
            place,
            "domain",
            [*exam.blueprint, *exam.domain_floor_applies_to],
            domains,
        )
        if sum(exam.blueprint.values()) != exam.items:
            yield BadContent(
                file,
                place,
                f"sums to {sum(exam.blueprint.values())} items, not {exam.items}",
            )


def _of_a_step(file: str, place: str, step: StepContent, targets: dict[str, set[str]]) -> Iterator[BadContent]:
    if step.kind in targets:
        yield from _unknown(file, place, step.kind, [step.ref or "(none)"], targets[step.kind])


def _of_a_scenario(scenario: ScenarioContent, framework: FrameworkContent) -> Iterator[BadContent]:
    known = _ids(framework.competencies)
    yield from _unknown(scenario.file, "competencies", "competency", scenario.competencies, known)


def _step_targets(library: Library) -> dict[str, set[str]]:
    """What a step may refer to, by its kind; an observation and a project refer to nothing."""
    return {
        "course": _ids(library.courses),
        "practice": {f"{course.id}/{task['id']}" for course in library.courses for task in course.practice},
        "scenario": _ids(library.scenarios),
        "exam": _ids(library.programmes.exams),
    }


def _ids(things: Iterable[Any]) -> set[str]:
    return {thing.id for thing in things}


def _unknown(file: str, place: str, what: str, given: Iterable[str], known: set[str]) -> Iterator[BadContent]:
    yield from (BadContent(file, place, f"names the unknown {what} {id}") for id in given if id not in known)


def _twice(file: str, place: str, given: Iterable[str]) -> Iterator[BadContent]:
    yield from (BadContent(file, place, f"has {id} twice") for id, times in Counter(given).items() if times > 1)
