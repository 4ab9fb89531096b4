"""Signing the roster of a day: what was computed is kept as it was, under a number that nobody can guess."""

import hashlib
import hmac
import json
from datetime import date, datetime
from typing import Any

from academy.accounts.models import Organisation
from academy.base import audit, ids, place
from academy.base.db import db
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.base.noting import NotedPapers
from academy.partners.models import RosterPaper, ServingRoster
from academy.partners.policies import SIGN_ROSTER
from academy.partners.queries_of_serving import Line, roster_on

PAPERS = NotedPapers(RosterPaper, "roster_id")


def sign_roster(partner: Organisation, day: date, *, today: date, actor_id: int | None, at: datetime) -> ServingRoster:
    """Sign who of a partner may serve on a day that has come."""
    if day > today:
        raise Invalid(_l("A roster can be signed for today or a day before it."), field="on")
    found = roster_on(partner.id, day, today=today)
    facts: dict[str, Any] = {
        "partner": partner.name.as_dict(),
        "agreement": found.agreement.reference if found.agreement else None,
        "lines": [_packed(line) for line in found.lines],
    }
    number = ids.random_number()
    row = ServingRoster(
        number=number, organisation_id=partner.id, on_day=day, facts=facts, digest=signature(number, day, facts),
        made_at=at, made_by_id=actor_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        SIGN_ROSTER, at=at, actor_id=actor_id, subject=("roster", row.id, number), organisation_id=partner.id,
        after={"day": day.isoformat(), "people": len(found.lines)},
    )  # fmt: skip
    return row


def signature(number: str, day: date, facts: dict[str, Any]) -> str:
    """Return what only this academy can make of a roster's content."""
    stated = json.dumps([number, day.isoformat(), facts], sort_keys=True, ensure_ascii=False)
    key = hashlib.sha256(f"rosters: {place.secret()}".encode()).digest()
    return hmac.new(key, stated.encode(), "sha256").hexdigest()


def is_whole(roster: ServingRoster) -> bool:
    """Whether a roster is what was signed."""
    return hmac.compare_digest(roster.digest, signature(roster.number, roster.on_day, roster.facts))


def _packed(line: Line) -> dict[str, Any]:
    verdict = line.verdict
    return {
        "name": line.name.as_dict(),
        "employee_number": line.employee_number,
        "unit": line.unit.as_dict() if line.unit else None,
        "may": verdict.may.value,
        "why": verdict.why.value,
        "until": verdict.until.isoformat() if verdict.until else None,
        "course": line.title.as_dict() if line.title else None,  # or of a programme
    }
