"""What I can do, why the academy says so, and the framework behind it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from academy.accounts import queries as accounts
from academy.accounts.models import Person
from academy.base import clock
from academy.base.errors import NotFound
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.competencies import kinds, policies, queries, rules
from academy.competencies.queries.standing import piece
from academy.competencies.routes.blueprints import bp
from academy.web import navigation
from academy.web.access import may, requires
from academy.web.identity import actor


@bp.get("/competencies")
@requires(policies.SEE_OWN)
def mine() -> ResponseReturnValue:
    """My standing against my role."""
    standing = queries.standing_of(actor().person_id)
    return render_template("competencies/standing.html", standing=standing, levels=queries.level_names(), person=None)


@bp.get("/competencies/<key>")
@requires(policies.SEE_OWN)
def my_evidence(key: str) -> ResponseReturnValue:
    """Why the academy says what it says about one competency of mine."""
    return _evidence(actor().person_id, key, None)


@bp.get("/people/<int:person_id>/competencies")
@requires(policies.SEE_PERSON, find=accounts.person)
def person(who: Person) -> ResponseReturnValue:
    """Another person's standing."""
    standing = queries.standing_of(who.id)
    return render_template(
        "competencies/standing.html",
        standing=standing,
        levels=queries.level_names(),
        person=who,
        may_observe=may(policies.OBSERVE, who),
    )


def _person_and_key(person_id: int, key: str) -> "PersonAndKey | None":
    found = accounts.person(person_id)
    return PersonAndKey(found, key) if found else None


class PersonAndKey:
    """A person and one of their competencies; judged by the person's own rules."""

    def __init__(self, who: Person, key: str) -> None:
        self.who, self.key = who, key
        self.id, self.organisation_id = who.id, who.organisation_id


@bp.get("/people/<int:person_id>/competencies/<key>")
@requires(policies.SEE_PERSON, find=_person_and_key)
def evidence(found: PersonAndKey) -> ResponseReturnValue:
    """Why the academy says what it says about a competency of another person."""
    return _evidence(found.who.id, found.key, found.who)


def _evidence(person_id: int, key: str, who: Person | None) -> ResponseReturnValue:
    competency = queries.competency_by_key(key)
    if competency is None:
        raise NotFound
    rows = queries.evidence_of(person_id, competency.id)
    pieces, at = [piece(row) for row in rows], clock.now()
    result, untold = rules.judge(pieces, at), queries.untold(rows, now=at)
    told = not any(row.id in untold and term.weight for row, term in zip(rows, result.terms, strict=True))
    indicators = [(int(level), LocalizedText.of(said)) for level, said in sorted(competency.levels.items())]
    return render_template(
        "competencies/evidence.html",
        competency=competency,
        result=result,
        told=told,
        untold=untold,
        likely=rules.likely(result.terms) if told else None,
        months=rules.history(pieces, at) if not untold else (),
        lines=list(zip(rows, result.terms, strict=True)),
        indicators=indicators,
        levels=queries.level_names(),
        names=queries.person_names({row.by_id for row in rows if row.by_id}),
        kinds=kinds.LABELS,
        person=who,
        rules=rules,
    )


@bp.get("/framework")
@requires(policies.SEE_FRAMEWORK)
def framework() -> ResponseReturnValue:
    """The first framework: domains, competencies, indicators, role profiles; and the way to the others."""
    return _framework(None)


@bp.get("/framework/<framework_key>")
@requires(policies.SEE_FRAMEWORK)
def one_framework(framework_key: str) -> ResponseReturnValue:
    """One of several frameworks."""
    return _framework(framework_key)


def _framework(key: str | None) -> ResponseReturnValue:
    found = queries.framework(key)
    if found is None:
        raise NotFound
    return render_template("competencies/framework.html", page=found)


navigation.enter("main", 30, _l("My competencies"), "competencies.mine", "target", policies.SEE_OWN)
for _page in ("my_development", "goals", "ratings_list", "observations", "claims", "new_claim", "framework"):
    navigation.belong(f"competencies.{_page}", "competencies.mine")
