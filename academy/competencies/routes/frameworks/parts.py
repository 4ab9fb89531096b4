"""Domains and competencies of a draft: adding, changing, moving, retiring, removing."""

from dataclasses import dataclass

from flask import flash, request
from flask.typing import ResponseReturnValue

from academy.base.errors import Refusal
from academy.base.i18n import _
from academy.competencies import policies, services
from academy.competencies.forms.frameworks import competency_form, domain_form, suggested_code
from academy.competencies.frameworks.content import CompetencyText, DomainText
from academy.competencies.queries import versions as queries
from academy.competencies.queries.versions import FrameworkDesk
from academy.competencies.routes.blueprints import bp
from academy.competencies.routes.frameworks.saving import asked_mark, by_now, saved_or_shown, to_desk
from academy.web.access import requires
from academy.web.filters import plain

ACTS = ("up", "down", "retire", "back", "remove")


@dataclass(frozen=True, slots=True)
class EditedDomain:
    """A domain on the desk."""

    desk: FrameworkDesk
    domain: DomainText


@dataclass(frozen=True, slots=True)
class EditedCompetency:
    """A competency on the desk, and the domain it stands in."""

    desk: FrameworkDesk
    domain: DomainText
    competency: CompetencyText


def _the_domain(framework_key: str, domain_code: str) -> EditedDomain | None:
    desk = queries.framework_desk(framework_key)
    found = desk.content.domain(domain_code) if desk else None
    return EditedDomain(desk, found) if desk and found else None


def _the_competency(framework_key: str, code: str) -> EditedCompetency | None:
    desk = queries.framework_desk(framework_key)
    domain = desk.content.domain_of(code) if desk else None
    found = desk.content.competency(code) if desk else None
    return EditedCompetency(desk, domain, found) if desk and domain and found else None


@bp.route("/manage/frameworks/<framework_key>/domains", methods=["GET", "POST"])
@requires(policies.KEEP_FRAMEWORKS, find=queries.framework_desk)
def add_domain(desk: FrameworkDesk) -> ResponseReturnValue:
    """Add a domain."""
    form = domain_form(None, suggested_code([each.key for each in desk.content.domains], "D"))

    def save() -> None:
        services.add_domain(desk.framework, form.text(), **by_now())

    said = _("The domain has been added.")
    return saved_or_shown("domain", desk, form, save, said, anchor=lambda: f"part-{form.key.data}", domain=None)


@bp.route("/manage/frameworks/<framework_key>/domains/<domain_code>", methods=["GET", "POST"])
@requires(policies.KEEP_FRAMEWORKS, find=_the_domain)
def edit_domain(edited: EditedDomain) -> ResponseReturnValue:
    """Change a domain."""
    domain, desk = edited.domain, edited.desk
    form, mark = domain_form(domain), asked_mark()

    def save() -> None:
        text = DomainText(domain.key, form.name.text, form.purpose.text)
        services.change_domain(desk.framework, text, mark=mark, **by_now())

    said = _("The domain has been saved.")
    return saved_or_shown(
        "domain", desk, form, save, said, current=domain.mark, anchor=lambda: f"part-{domain.key}", domain=domain
    )


@bp.route("/manage/frameworks/<framework_key>/domains/<domain_code>/competencies", methods=["GET", "POST"])
@requires(policies.KEEP_FRAMEWORKS, find=_the_domain)
def add_competency(edited: EditedDomain) -> ResponseReturnValue:
    """Add a competency to a domain."""
    desk = edited.desk
    form = competency_form(desk.content, None, edited.domain.key, plain)

    def save() -> None:
        services.add_competency(desk.framework, form.domain.data, form.text(), **by_now())

    said = _("The competency has been added.")
    return saved_or_shown(
        "competency", desk, form, save, said, anchor=lambda: f"part-{form.key.data}", domain=edited.domain, part=None
    )


@bp.route("/manage/frameworks/<framework_key>/competencies/<code>", methods=["GET", "POST"])
@requires(policies.KEEP_FRAMEWORKS, find=_the_competency)
def edit_competency(edited: EditedCompetency) -> ResponseReturnValue:
    """Change a competency, or move it to another domain."""
    desk, part = edited.desk, edited.competency
    form, mark = competency_form(desk.content, part, edited.domain.key, plain), asked_mark()

    def save() -> None:
        typed = form.text()
        text = CompetencyText(part.key, typed.name, typed.definition, typed.levels)
        services.change_competency(desk.framework, text, form.domain.data, mark=mark, **by_now())

    said = _("The competency has been saved.")
    return saved_or_shown(
        "competency", desk, form, save, said, current=part.mark, anchor=lambda: f"part-{part.key}",
        domain=edited.domain, part=part,
    )  # fmt: skip


@bp.post("/manage/frameworks/<framework_key>/parts")
@requires(policies.KEEP_FRAMEWORKS, find=queries.framework_desk)
def change_part(desk: FrameworkDesk) -> ResponseReturnValue:
    """Move a domain or competency up or down, retire it, bring it back or take it out of the draft."""
    act, key = next(((name, request.form[name]) for name in ACTS if name in request.form), ("", ""))
    try:
        if act in ("retire", "back"):
            services.retire_part(desk.framework, key, act == "retire", **by_now())
        elif act == "remove":
            services.remove_part(desk.framework, key, **by_now())
        elif act:
            services.move_part(desk.framework, key, "up" if act == "up" else "down", **by_now())
    except Refusal as refusal:
        flash(refusal.for_reader(), "bad")
    return to_desk(desk, "" if act in ("", "remove") else f"part-{key}")
