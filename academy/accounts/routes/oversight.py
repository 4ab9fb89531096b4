"""What administrators watch: the trail of sensitive acts, and background work."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, time
from typing import Any

from flask import Response, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from academy.accounts import policies
from academy.accounts import queries_of_oversight as queries
from academy.accounts.kinds import ACTS
from academy.accounts.routes.acting import act
from academy.accounts.routes.blueprints import administration
from academy.accounts.routes.changes import Names, names_in, told, whom
from academy.base import audit, clock, jobs, trail
from academy.base.dates import RIYADH, parse_day
from academy.base.i18n import _, _l, current_language
from academy.base.spreadsheets import write_csv
from academy.base.text import clean_line
from academy.web import navigation
from academy.web.access import requires
from academy.web.identity import actor
from academy.web.pagination import paginate

navigation.enter("admin", 56, _l("Audit trail"), "administration.audit", "history", policies.SEE_AUDIT)
navigation.enter("admin", 62, _l("Background jobs"), "administration.jobs", "list-checks", policies.SEE_JOBS)

JOB_STATES = {"queued": _l("Waiting"), "running": _l("Running"), "done": _l("Done"), "failed": _l("Not successful")}


def _wanted() -> tuple[queries.AuditFilter, str]:
    """The filter asked for, and the day as it was typed."""
    typed = request.args.get("day", "")[:40]
    day = parse_day(typed)
    begins = datetime.combine(day, time(), RIYADH) if day else None
    text = clean_line(request.args.get("q", ""))[:200]
    return queries.AuditFilter(act=clean_line(request.args.get("act", "")), text=text, day=begins), typed


def act_name(name: str) -> str:
    """Return how an act is called, else its name."""
    return str(ACTS.get(name, name))


@administration.get("/audit", endpoint="audit")
@requires(policies.SEE_AUDIT, auditors=True)
def audit_trail() -> ResponseReturnValue:
    """Who did what to whom, newest first."""
    wanted, typed = _wanted()
    page = paginate(queries.audit_entries(actor(), wanted), size=50)
    acts = sorted(((name, act_name(name)) for name in queries.acts(actor())), key=lambda pair: pair[1])
    return render_template(
        "accounts/administration/audit.html",
        page=page,
        wanted=wanted,
        typed=typed,
        unreadable=bool(typed and wanted.day is None),
        acts=acts,
        act_name=act_name,
        names=names_in(page.rows),
        checked=trail.last_check(),
    )


@administration.get("/audit.csv")
@requires(policies.SEE_AUDIT, auditors=True)
def export_audit() -> ResponseReturnValue:
    """The same entries as a file."""
    wanted, _typed = _wanted()
    found = queries.all_entries(actor(), wanted)
    header = [_("When"), _("Act"), _("Who"), _("What"), _("Whom"), _("Before"), _("After"), _("Address")]
    lines = stream_with_context(write_csv(header, _lines(found)))
    headers = {"Content-Disposition": "attachment; filename=audit.csv"}
    return Response(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _lines(found: Iterator[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    language = current_language()
    for rows in found:
        names = names_in(rows)
        for row in rows:
            who = row.doer.show(language) if row.doer else _("The academy's administration") if row.actor_id else ""
            address = row.address if row.doer else ""
            before, after = (_flat(values, names, row.act) for values in (row.before, row.after))
            yield (row.at, act_name(row.act), who, row.act, whom(row), before, after, address)


def _flat(values: dict[str, Any] | None, names: Names, act: str) -> str:
    return "\n".join(_("%(name)s: %(value)s", name=name, value=value) for name, value in told(values, names, act))


@administration.get("/audit.jsonl")
@requires(policies.PROVE_AUDIT, auditors=True)
def prove_audit() -> ResponseReturnValue:
    """The whole trail from its beginning with the digest of each entry: a file that anybody can check without the academy."""
    lines = stream_with_context(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in trail.chain())
    headers = {"Content-Disposition": "attachment; filename=audit-trail.jsonl", "Cache-Control": "no-store"}
    return Response(lines, content_type="application/x-ndjson; charset=utf-8", headers=headers)


@administration.get("/jobs", endpoint="jobs")
@requires(policies.SEE_JOBS, auditors=True)
def job_list() -> ResponseReturnValue:
    """Background work and what became of it."""
    state = request.args.get("state", "")
    page = paginate(queries.jobs(state if state in JOB_STATES else ""), size=50)
    return render_template(
        "accounts/administration/jobs.html",
        page=page,
        state=state,
        counts=queries.job_counts(),
        states=JOB_STATES,
        titles={kind.name: kind.title for kind in jobs.KINDS.values()},
    )


@administration.post("/jobs/<int:job_id>/retry")
@requires(policies.SEE_JOBS, find=queries.job)
def retry_job(job: jobs.Job) -> ResponseReturnValue:
    """Put a failed job back into the queue."""
    at = clock.now()

    def again() -> None:
        jobs.retry(job.id, at=at)
        subject = ("job", job.id, job.name)
        audit.record("accounts:job:retry", at=at, actor_id=actor().person_id, subject=subject)

    return act(again, _("The job will run again."), url_for("administration.jobs"))
