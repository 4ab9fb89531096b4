"""Reading the criteria of an application anew, so that its page only shows what was found."""

from datetime import datetime

from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.partners.accreditation.criteria import Case, read
from academy.partners.accreditation.models import AccreditationApplication
from academy.partners.accreditation.queries import packed_readings, scheme_of
from academy.partners.accreditation.rules import Reading


def refresh(row: AccreditationApplication, *, at: datetime) -> dict[str, Reading]:
    """Read all criteria of an application that is not before the committee yet, and keep what was found."""
    case = Case(row.organisation_id, scheme_of(row.scheme_id), application_id=row.id, day=riyadh_day(at))
    readings = read(case, row.level)
    row.findings, row.found_at = packed_readings(readings), at
    db.session.flush()
    return {each.criterion: each for each in readings}
