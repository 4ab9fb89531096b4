"""Frameworks and evidence for tests."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from sqlalchemy import select

from academy.base.db import db
from academy.base.text import LocalizedText
from academy.competencies import services
from academy.competencies.models import Competency, Framework
from tests.factories.accounts import LONG_AGO, both

_refs = count(1)


@dataclass(frozen=True)
class ACompetency:
    id: str
    name: LocalizedText
    definition: LocalizedText
    indicators: dict


@dataclass(frozen=True)
class ADomain:
    id: str
    name: LocalizedText
    purpose: LocalizedText
    competencies: tuple


def framework(targets=None) -> Framework:
    """Two domains with two competencies each, and the profile "frontline"."""
    steps = [
        (n, both(ar, en), both(ar, en))
        for n, ar, en in [
            (1, "مُدرِك", "Aware"),
            (2, "مُطبِّق", "Applying"),
            (3, "مُتمكِّن", "Proficient"),
            (4, "قائد", "Leading"),
        ]
    ]
    indicators = {n: both(f"يفعل {n}", f"Does {n}") for n in range(1, 5)}
    domains = [
        ADomain(
            f"D{d}",
            both(f"مجال {d}", f"Domain {d}"),
            both("غاية", "Purpose"),
            tuple(
                ACompetency(
                    f"D{d}.{c}", both(f"كفاية {d}-{c}", f"Competency {d}-{c}"), both("تعريف", "Definition"), indicators
                )
                for c in (1, 2)
            ),
        )
        for d in (1, 2)
    ]
    profile = ("frontline", both("مقدّم خدمة", "Front line"), targets or {"D1.1": 2, "D1.2": 1, "D2.1": 2})
    return services.load_framework(
        "test",
        version="1",
        title=both("إطار", "Framework"),
        evidence_rule=both("قاعدة", "Rule"),
        scale=steps,
        domains=domains,
        profiles=[profile],
        at=LONG_AGO,
    )


def evidence(who, key="D1.1", *, share=1, items=5, supports_level=2, at=LONG_AGO, source=None, kind="attempt") -> None:
    """A piece of evidence, with the standing recomputed."""
    competency_id = db.session.scalar(select(Competency.id).where(Competency.key == key))
    ref = next(_refs)
    services.add_evidence(
        who.id,
        competency_id,
        kind=kind,
        ref=ref,
        source=source or f"quiz:{ref}",
        course_id=None,
        title=both("اختبار الأسس", "Foundations quiz"),
        share=Fraction(share),
        items=items,
        supports_level=supports_level,
        observed_at=at,
    )
    services.recompute(who.id, [competency_id], at=at)
