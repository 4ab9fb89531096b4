"""Certification programmes, their exams and the rules of the certificate, read from `cx-programmes/1`."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from academy.base.text import LocalizedText
from academy.devdata.reading.parts import Part, load

STEP_KINDS = ("course", "practice", "scenario", "observation", "project", "exam")


@dataclass(frozen=True)
class StepContent:
    """One step to a certificate; `ref` names the course, exam, scenario or `course/practice` task it asks for."""

    id: str
    kind: str
    ref: str | None
    required: bool
    min_percent: int | None
    attempts: int | None
    note: LocalizedText | None


@dataclass(frozen=True)
class ProgrammeContent:
    """A programme for a person (`individual`, with steps) or an `organisation` (with criteria).

    `prerequisites`, `renewal`, `levels` and `criteria` stand as in the file.
    """

    id: str
    code: str
    version: str
    kind: str
    audience: str
    title: LocalizedText
    summary: LocalizedText
    target_role: str | None
    hours: Decimal | None
    steps: tuple[StepContent, ...]
    validity_months: int
    prerequisites: tuple[dict[str, Any], ...]
    renewal: dict[str, Any]
    suspension: tuple[LocalizedText, ...]
    levels: tuple[dict[str, Any], ...]
    criteria: tuple[dict[str, Any], ...]
    breach: LocalizedText | None


@dataclass(frozen=True)
class ExamContent:
    """An exam; `blueprint` says how many of its `items` come from each domain, `rest` stands as in the file."""

    id: str
    title: LocalizedText
    minutes: int
    items: int
    blueprint: dict[str, int]
    overall_percent: int
    domain_floor_percent: int
    domain_floor_applies_to: tuple[str, ...]
    rest: dict[str, Any]


@dataclass(frozen=True)
class CertificateRules:
    """What a certificate must and must never show, and what a stranger may verify."""

    must_show: tuple[str, ...]
    must_not_show: tuple[str, ...]
    why: LocalizedText
    public_verification: LocalizedText


@dataclass(frozen=True)
class ProgrammesContent:
    """Everything in the file of programmes."""

    file: str
    programmes: tuple[ProgrammeContent, ...]
    exams: tuple[ExamContent, ...]
    certificate: CertificateRules


def read_programmes(path: Path) -> ProgrammesContent:
    """Read the programmes; raises BadContent."""
    top = load(path, "cx-programmes/1")
    certificate = top.at("certificate")
    return ProgrammesContent(
        file=path.name,
        programmes=tuple(map(_programme, top.each("programmes"))),
        exams=tuple(map(_exam, top.each("exams"))),
        certificate=CertificateRules(
            must_show=certificate.words("must_show"),
            must_not_show=certificate.words("must_not_show"),
            why=certificate.at("why").text(),
            public_verification=certificate.at("public_verification").text(),
        ),
    )


def _programme(part: Part) -> ProgrammeContent:
    kind = part.at("kind").word()
    if kind not in ("individual", "organisation"):
        raise part.at("kind").bad("is neither individual nor organisation")
    return ProgrammeContent(
        id=part.at("id").word(),
        code=part.at("code").word(),
        version=part.at("version").word(),
        kind=kind,
        audience=part.at("audience").word(),
        title=part.at("title").text(),
        summary=part.at("summary").text(),
        target_role=part.at("target_role").word() if part.has("target_role") else None,
        hours=part.at("hours").amount() if part.has("hours") else None,
        steps=tuple(map(_step, part.each("steps", optional=kind == "organisation"))),
        validity_months=part.at("validity_months").whole(1),
        prerequisites=tuple(each.raw() for each in part.each("prerequisites", optional=True)),
        renewal=part.at("renewal").raw() if part.has("renewal") else {},
        suspension=part.texts("suspension", optional=True),
        levels=tuple(each.raw() for each in part.each("levels", optional=kind == "individual")),
        criteria=tuple(each.raw() for each in part.each("criteria", optional=kind == "individual")),
        breach=part.at("breach").text() if part.has("breach") else None,
    )


def _step(part: Part) -> StepContent:
    kind = part.at("kind").word()
    if kind not in STEP_KINDS:
        raise part.at("kind").bad(f"is none of {', '.join(STEP_KINDS)}")
    return StepContent(
        id=part.at("id").word(),
        kind=kind,
        ref=part.at("ref").word() if part.has("ref") else None,
        required=part.at("required").yes(),
        min_percent=part.at("min_percent").whole(1, 100) if part.has("min_percent") else None,
        attempts=part.at("attempts").whole(1) if part.has("attempts") else None,
        note=part.at("note").text() if part.has("note") else None,
    )


def _exam(part: Part) -> ExamContent:
    blueprint, passing = part.at("blueprint"), part.at("passing")
    return ExamContent(
        id=part.at("id").word(),
        title=part.at("title").text(),
        minutes=part.at("minutes").whole(1),
        items=part.at("items").whole(1),
        blueprint={domain: blueprint.at(domain).whole() for domain in blueprint.mapping()},
        overall_percent=passing.at("overall_percent").whole(1, 100),
        domain_floor_percent=passing.at("domain_floor_percent").whole(0, 100),
        domain_floor_applies_to=passing.words("domain_floor_applies_to"),
        rest=part.raw("id", "title", "minutes", "items", "blueprint", "passing"),
    )
