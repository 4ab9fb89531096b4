"""Every authored text of a version: for its translation state and for comparing versions."""

from academy.catalogue import kinds
from academy.catalogue.models import Activity, CourseUnit, CourseVersion
from academy.catalogue.queries.outlines import parts_of
from academy.catalogue.rules.changes import Change, Part, TextChange, compare, text_changes
from academy.catalogue.rules.texts import N_, NamedText, Untranslated, opened, untranslated

__all__ = ["TextChange", "differences", "kept", "missing_translations", "text_changes"]


def _of_version(version: CourseVersion) -> tuple[NamedText, ...]:
    objectives = enumerate(opened(version.objectives), start=1)
    return (
        NamedText(N_("Title"), version.title),
        NamedText(N_("Summary"), version.summary),
        NamedText(N_("Who it is for"), version.intended_for),
        *(NamedText(N_("Objective"), objective["text"], number) for number, objective in objectives),
    )


Problems = dict[int, list[kinds.Problem]]
Texts = dict[int, tuple[NamedText, ...]]
Prints = dict[int, object]


def asked_of_kinds(activities: list[Activity]) -> tuple[Problems, Texts, Prints]:
    """Return what is missing in each activity, its texts and what a fingerprint tells of it, by id; each kind is asked once."""
    problems: Problems = {}
    texts: Texts = {}
    prints: Prints = {}
    for name in {activity.kind for activity in activities}:
        rows = [activity for activity in activities if activity.kind == name]
        reviews = kinds.of(name).review([row.content for row in rows])
        for row, (missing, named, told) in zip(rows, reviews, strict=True):
            problems[row.id], texts[row.id] = missing, (NamedText(N_("Title"), row.title), *named)
            prints[row.id] = told
    return problems, texts, prints


def _of_activities(activities: list[Activity]) -> dict[int, tuple[NamedText, ...]]:
    """Return the texts of each activity by id, asking each kind once."""
    texts: dict[int, tuple[NamedText, ...]] = {}
    for name in {activity.kind for activity in activities}:
        rows = [activity for activity in activities if activity.kind == name]
        named = kinds.of(name).texts([row.content for row in rows])
        texts |= {row.id: (NamedText(N_("Title"), row.title), *mine) for row, mine in zip(rows, named, strict=True)}
    return texts


def _facts_of_activities(activities: list[Activity]) -> dict[int, tuple[tuple[str, object], ...]]:
    """Return the rules of each activity by id, asking each kind once."""
    facts: dict[int, tuple[tuple[str, object], ...]] = {}
    for name in {activity.kind for activity in activities}:
        rows = [activity for activity in activities if activity.kind == name]
        told = kinds.of(name).facts([row.content for row in rows])
        facts |= {row.id: (*_measures(row), *mine) for row, mine in zip(rows, told, strict=True)}
    return facts


def kept(units: list[CourseUnit], activities: list[Activity]) -> tuple[list[CourseUnit], list[Activity]]:
    """Return the units and activities that are not removed, activities in the order learners meet them."""
    present = [unit for unit in units if unit.removed_at is None]
    places = {unit.id: place for place, unit in enumerate(present)}
    rows = [row for row in activities if row.removed_at is None and row.unit_id in places]
    return present, sorted(rows, key=lambda row: (places[row.unit_id], row.position, row.id))


def missing_translations(
    version: CourseVersion,
    units: list[CourseUnit] | None = None,
    activities: list[Activity] | None = None,
    texts: Texts | None = None,
) -> list[Untranslated]:
    """Return the texts of a version that are written in one language only. All but the version is read unless given."""
    if units is None or activities is None:
        units, activities = kept(*parts_of(version.id))
    texts = _of_activities(activities) if texts is None else texts
    found = untranslated(_of_version(version))
    found += untranslated(NamedText(N_("Unit"), unit.title, number) for number, unit in enumerate(units, start=1))
    return found + [lack for row in activities for lack in untranslated(texts[row.id], row.key)]


def _parts(
    version: CourseVersion,
    units: list[CourseUnit],
    activities: list[Activity],
    texts: dict[int, tuple[NamedText, ...]],
    facts: dict[int, tuple[tuple[str, object], ...]],
) -> list[Part]:
    keys = {unit.id: unit.key for unit in units}
    return [
        Part("details", "details", version.title, texts=_of_version(version), facts=_facts(version)),
        *(Part("unit", unit.key, unit.title, texts=(NamedText(N_("Title"), unit.title),)) for unit in units),
        *(Part("activity", row.key, row.title, keys[row.unit_id], texts[row.id], facts[row.id]) for row in activities),
    ]


def _measures(row: Activity) -> tuple[tuple[str, object], ...]:
    return ((N_("Minutes"), row.minutes), (N_("Required"), row.required))


def _facts(version: CourseVersion) -> tuple[tuple[str, object], ...]:
    competencies = ", ".join(f"{target['key']} ({target['level']})" for target in version.competencies)
    return (
        (N_("Level"), version.level),
        (N_("Training hours"), float(version.hours)),
        (N_("Competencies"), competencies),
        (N_("Courses to complete first"), ", ".join(map(str, version.prerequisites))),
        (N_("Certificate"), version.gives_certificate),
        (N_("Valid for months"), version.validity_months),
    )


def differences(before: CourseVersion, after: CourseVersion) -> list[Change]:
    """Return what differs between two versions of a course, in one statement beside what their kinds need."""
    units, activities = parts_of(before.id, after.id)
    texts, facts = _of_activities(activities), _facts_of_activities(activities)

    def parts(version: CourseVersion) -> list[Part]:
        own = [unit for unit in units if unit.version_id == version.id]
        return _parts(version, *kept(own, [row for row in activities if row.version_id == version.id]), texts, facts)

    return compare(parts(before), parts(after))
