"""Who builds, opens, changes and exports reports. Whose rows they show is decided by `reach`, never here."""

from academy.base.access import Actor, permit
from academy.insights.reports import reach
from academy.insights.reports.models import Report, ReportFile
from academy.insights.reports.reach import builds, rights_of

__all__ = ["BUILD", "CHANGE", "EXPORT", "FETCH", "SEE", "SMALL_GROUPS"]


def _builds(actor: Actor, thing: object) -> bool:
    return builds(actor)


def _owns(actor: Actor, report: Report) -> bool:
    return builds(actor) and report.owner_id == actor.person_id


def _fetches(actor: Actor, file: ReportFile) -> bool:
    # With other rights the file could hold what its owner may no longer see.
    return file.owner_id == actor.person_id and file.rights == rights_of(actor)


BUILD = permit(
    "insights:report:build",
    _builds,
    "Managers, their deputies and administrators build reports about the people they may see.",
)
SEE = permit("insights:report:see", reach.sees, "A report is opened by its owner and by those it is shared with.")
CHANGE = permit("insights:report:change", _owns, "Owners change, share and delete their reports.")
EXPORT = permit("insights:report:export", reach.sees, "Whoever may open a report takes its rows away as a file.")
FETCH = permit(
    "insights:report_file:fetch",
    _fetches,
    "A file is fetched by whoever asked for it, while their rights are the same.",
)
SMALL_GROUPS = permit(
    "insights:small_group:set", lambda actor, thing: actor.has("administrator"),
    "Administrators set the smallest group that reports show for their organisations.",
)  # fmt: skip
