"""Granting: what the committee decided becomes an accreditation with a number, frozen facts and a paper."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from academy.accounts.models import Organisation
from academy.accounts.queries import academy
from academy.base import ids, jobs, place
from academy.base.dates import riyadh_day
from academy.base.db import db, lock
from academy.base.noting import NotedPapers
from academy.base.text import LocalizedText
from academy.partners.accreditation import queries
from academy.partners.accreditation.models import Accreditation, AccreditationApplication, AccreditationPaper
from academy.partners.accreditation.rules import last_day

PAPERS = NotedPapers(AccreditationPaper, "accreditation_id")


def verify_url(number: str) -> str:
    """Return the public address of an accreditation."""
    return f"{place.base_url()}/verify/accreditation/{number.replace('-', '')}"


def grant(application: AccreditationApplication, *, at: datetime) -> Accreditation:
    """Write down what was granted. The one before is replaced from today on; renewed early, it loses no day."""
    partner: Organisation = lock(Organisation, application.organisation_id)
    before, today = queries.in_force(partner.id), riyadh_day(at)
    scheme, level = queries.scheme_of(application.scheme_id), application.proposed_level or 0
    continues = before.valid_until if before is not None and before.level == level else None
    until = last_day(today, scheme.validity_months, continues)
    if before is not None:
        before.replaced_on = today
        db.session.flush()
    number, own = ids.random_number(), academy()
    facts: dict[str, Any] = {
        "number": number, "verify_url": verify_url(number), "partner": partner.name.as_dict(),
        "academy": (own.name if own else LocalizedText()).as_dict(), "scheme": scheme.title.as_dict(),
        "code": f"{scheme.code} {scheme.version}", "level": level, "level_name": scheme.level_named(level).name.as_dict(),
        "meaning": scheme.level_named(level).meaning.as_dict(), "granted_on": today.isoformat(),
        "valid_until": until.isoformat(), "signer": (own.signer_name if own else LocalizedText()).as_dict(),
        "signer_role": (own.signer_role if own else LocalizedText()).as_dict(),
    }  # fmt: skip
    row = Accreditation(
        number=number, organisation_id=partner.id, scheme_id=application.scheme_id, level=level, granted_on=today,
        valid_until=until, facts=facts, digest=_signature(facts), made_at=at, findings=application.findings,
        found_at=application.found_at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    jobs.enqueue("accreditation.draw", unique_key=f"accreditation.draw:{row.id}", accreditation_id=row.id)
    return row


def is_whole(row: Accreditation) -> bool:
    """Whether an accreditation states what was granted."""
    same = row.facts.get("valid_until") == row.valid_until.isoformat() and row.facts.get("level") == row.level
    return same and hmac.compare_digest(row.digest, _signature(row.facts))


def _signature(facts: dict[str, Any]) -> str:
    key = hashlib.sha256(f"accreditations: {place.secret()}".encode()).digest()
    return hmac.new(key, json.dumps(facts, sort_keys=True, ensure_ascii=False).encode(), "sha256").hexdigest()
