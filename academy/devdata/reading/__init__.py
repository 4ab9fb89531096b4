"""The starter content, read from YAML into frozen dataclasses; a file that is wrong says where and why."""

from academy.devdata.reading.courses import (
    ActivityContent,
    ClassifyItem,
    CourseContent,
    LessonContent,
    NamedText,
    ObjectiveContent,
    QuestionContent,
    QuizContent,
    TargetLevel,
    UnitContent,
    read_course,
)
from academy.devdata.reading.framework import (
    CompetencyContent,
    DomainContent,
    FrameworkContent,
    RoleContent,
    ScaleLevel,
    read_competencies,
)
from academy.devdata.reading.glossary import GlossaryContent, TermContent, read_glossary
from academy.devdata.reading.library import (
    CONTENT,
    Library,
    in_order,
    read_library,
    validate,
)
from academy.devdata.reading.parts import BadContent
from academy.devdata.reading.programmes import (
    CertificateRules,
    ExamContent,
    ProgrammeContent,
    ProgrammesContent,
    StepContent,
    read_programmes,
)
from academy.devdata.reading.scenarios import ScenarioContent, read_scenario

__all__ = [
    "CONTENT",
    "ActivityContent",
    "BadContent",
    "CertificateRules",
    "ClassifyItem",
    "CompetencyContent",
    "CourseContent",
    "DomainContent",
    "ExamContent",
    "FrameworkContent",
    "GlossaryContent",
    "LessonContent",
    "Library",
    "NamedText",
    "ObjectiveContent",
    "ProgrammeContent",
    "ProgrammesContent",
    "QuestionContent",
    "QuizContent",
    "RoleContent",
    "ScaleLevel",
    "ScenarioContent",
    "StepContent",
    "TargetLevel",
    "TermContent",
    "UnitContent",
    "in_order",
    "read_competencies",
    "read_course",
    "read_glossary",
    "read_library",
    "read_programmes",
    "read_scenario",
    "validate",
]
