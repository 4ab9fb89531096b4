"""Keeping the search text of a course in step with what it teaches."""

from academy.base.arabic import search_document
from academy.base.text import LocalizedText
from academy.catalogue.kinds import lookups
from academy.catalogue.models import Course, CourseVersion


def refresh_search_text(course: Course, version: CourseVersion) -> None:
    """Write anew under which words a course is found: title, summary, code, objectives, names of its competencies."""
    wanted = {target["key"] for target in version.competencies}
    names = dict(lookups.competency_choices()) if lookups.competency_choices and wanted else {}
    texts = [version.title, version.summary, *(LocalizedText.of(each["text"]) for each in version.objectives)]
    texts += [names[key] for key in sorted(wanted) if key in names]
    course.search_text = search_document(course.code, *(half for text in texts for half in (text.ar, text.en)))
