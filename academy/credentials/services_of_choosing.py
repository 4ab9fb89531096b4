"""Saying where templates are used, and retiring them: what was issued keeps its look, what is issued next has the nearest other."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select

from academy.accounts.models import Organisation, Person
from academy.accounts.queries_of_memberships import are_same_human
from academy.base import audit
from academy.base.db import db
from academy.base.errors import Conflict, Invalid, NotAllowed, NotFound
from academy.base.i18n import _l
from academy.base.text import clean_line
from academy.credentials import queries_of_choices as choices
from academy.credentials import queries_of_templates as queries
from academy.credentials.kinds import TEMPLATE_TO_RETIRE
from academy.credentials.models_of_templates import DRAFT, PUBLISHED, CertificateTemplate, TemplateUse
from academy.credentials.policies import (
    CHOOSE_FOR_ORGANISATION,
    CHOOSE_FOR_PROGRAMME,
    CHOOSE_TEMPLATE,
    RETIRE_TEMPLATE,
    USE_TEMPLATE,
)
from academy.credentials.queries_of_choices import Place
from academy.credentials.services_of_templates import ChangedMeanwhile, held, note
from academy.notices import services as notices

ACTS = {"course": CHOOSE_TEMPLATE, "programme": CHOOSE_FOR_PROGRAMME, "organisation": CHOOSE_FOR_ORGANISATION}
LONGEST_REASON = 300


class SameHand(NotAllowed):
    """Whoever proposed to retire a template does not agree to it as well."""

    sentence = _l("You proposed to retire this template. Somebody else agrees.")


def use_for(template_id: int, *, organisation_id: int | None, actor_id: int, at: datetime) -> None:
    """Choose a template for what an organisation issues; without one for the whole academy, which only its own can be."""
    template = held(template_id)
    if template.organisation_id not in (None, organisation_id):
        raise Invalid(_l("This template belongs to another organisation."), field="organisation")
    _choose(template, {"organisation_id": organisation_id} if organisation_id else {"everywhere": True})
    of = db.session.get(Organisation, organisation_id) if organisation_id else None
    note(USE_TEMPLATE, template, actor_id, at, after={"organisation": of.name.show("ar") if of else "*"})


def stop_using(template_id: int, use_id: int, *, actor_id: int, at: datetime) -> None:
    """Let what a template was chosen for have the next one by precedence again."""
    template = held(template_id)
    row = db.session.get(TemplateUse, use_id)
    if row is None or row.template_id != template.id:
        raise NotFound
    db.session.delete(row)
    db.session.flush()
    note(USE_TEMPLATE, template, actor_id, at, after={"state": "stopped"})


def choose(place: Place, key: str, *, actor_id: int, at: datetime) -> None:
    """Choose a published template for a place; "" for what is chosen next to it by precedence."""
    before = choices.chosen_for(place)
    if key and key not in {card.key for card in choices.offered_to(place)}:
        raise Invalid(_l("Choose one of the templates."), field="template")
    if key == (before or ""):
        return
    found = queries.template_by_key(key) if key else None
    if found is not None:
        _choose(held(found.id), place.scope)
    else:
        db.session.execute(delete(TemplateUse).filter_by(**place.scope))
    audit.record(
        ACTS[place.kind], at=at, actor_id=actor_id, subject=(place.kind, place.id, place.name),
        organisation_id=place.organisation_id, before={"template": before or ""}, after={"template": key},
    )  # fmt: skip


def ask_to_retire(template_id: int, reason: str, *, actor_id: int, at: datetime) -> int:
    """Propose to retire a template; returns how many were told. One of which nothing is published is retired at once."""
    template, said = held(template_id), clean_line(reason)
    if template.retire_asked_at is not None:
        raise Conflict(_l("It is proposed already to retire this template."))
    if not said or len(said) > LONGEST_REASON:
        raise Invalid(_l("Give the reason in one sentence."), field="reason")
    template.retire_asked_at, template.retire_asked_by_id, template.retire_reason = at, actor_id, said
    db.session.flush()
    if queries.newest(template.id, PUBLISHED) is None:
        _retire(template, actor_id, at)
        return 0
    people, asking = queries.approvers(template, but=actor_id), db.session.get_one(Person, actor_id).name
    for person_id in people:
        notices.tell(
            person_id, TEMPLATE_TO_RETIRE, f"template:{template.id}:retire:{at.isoformat()}", at=at,
            address=f"/admin/certificates/templates/{template.key}", about_id=template.id,
            template=template.name, person=asking,
        )  # fmt: skip
    note(RETIRE_TEMPLATE, template, actor_id, at, after={"state": "proposed", "reason": said})
    return len(people)


def agree_to_retire(template_id: int, *, seen: str, actor_id: int, at: datetime) -> None:
    """Retire a template as a second person; `seen` are the uses that the page showed, as `uses_seen` writes them."""
    template = _proposed(template_id)
    if are_same_human(template.retire_asked_by_id, actor_id):
        raise SameHand
    if seen != uses_seen(choices.uses_of(template.id)):
        raise ChangedMeanwhile(_l("Where the template is used has changed meanwhile. Look at it again."))
    _retire(template, actor_id, at)


def keep(template_id: int, *, actor_id: int, at: datetime) -> None:
    """Take a proposal to retire a template back, or decline it."""
    template = _proposed(template_id)
    was = {"state": "proposed", "by": template.retire_asked_by_id}
    template.retire_asked_at = template.retire_asked_by_id = template.retire_reason = None
    db.session.flush()
    note(RETIRE_TEMPLATE, template, actor_id, at, before=was, after={"state": "kept"})


def uses_seen(rows: list[choices.UseRow]) -> str:
    """Return the uses of a template in one line, for a page to send back what it showed."""
    return ",".join(str(row.id) for row in rows)


def _proposed(template_id: int) -> CertificateTemplate:
    template = held(template_id)
    if template.retire_asked_at is None:
        raise Conflict(_l("Nobody proposes to retire this template any more."))
    return template


def _retire(template: CertificateTemplate, actor_id: int, at: datetime) -> None:
    places = len(choices.uses_of(template.id))
    db.session.execute(delete(TemplateUse).where(TemplateUse.template_id == template.id))
    draft = queries.newest(template.id, DRAFT)
    for picture in queries.pictures_of(draft.id) if draft else ():
        db.session.delete(picture)
    db.session.flush()
    if draft:
        db.session.delete(draft)
    template.retired_at, template.retired_by_id = at, actor_id
    db.session.flush()
    note(RETIRE_TEMPLATE, template, actor_id, at, after={"state": "retired", "places": places})


def _choose(template: CertificateTemplate, scope: Mapping[str, int | bool]) -> None:
    if queries.newest(template.id, PUBLISHED) is None:
        raise Conflict(_l("Nothing of this template is published yet."))
    row = db.session.scalar(select(TemplateUse).filter_by(**scope))
    if row is None:
        db.session.add(TemplateUse(template_id=template.id, **scope))
    else:
        row.template_id = template.id
    db.session.flush()
