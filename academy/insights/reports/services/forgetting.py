"""What reports forget of somebody who was anonymised: their own reports, letters and files, whether shared or not."""

from sqlalchemy import delete

from academy.base.db import db
from academy.insights.reports.models import Report, ReportFile, ReportSchedule, ReportShare


def forget(person_id: int) -> None:
    """Delete what a person asked for and what was shared with them; nothing goes to them by letter any more."""
    for model, mine in (
        (ReportSchedule, ReportSchedule.person_id == person_id),
        (ReportShare, ReportShare.person_id == person_id),
        (ReportFile, ReportFile.owner_id == person_id),
        (Report, Report.owner_id == person_id),
    ):
        db.session.execute(delete(model).where(mine))
