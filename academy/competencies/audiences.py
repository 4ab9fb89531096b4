"""Conditions that ask for a role profile, or for a gap between it and what is proven."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from academy.accounts.models import Person
from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.competencies.models import Competency, PersonProfile, RoleProfile, Standing
from academy.competencies.queries import competency_choices, role_choices
from academy.learning.kinds import AudienceKind, Choices, Condition, add_audience


def _has_profile(condition: Condition, today: date) -> ColumnElement[bool]:
    return exists().where(
        PersonProfile.person_id == Person.id,
        PersonProfile.profile_id == RoleProfile.id,
        RoleProfile.key.in_(condition.values),
    )


def _profiles(organisation_id: int) -> Choices:
    return role_choices()


def _profile_names(values: Iterable[str]) -> list[LocalizedText]:
    wanted = set(values)
    return [name for key, name in role_choices() if key in wanted]


def _has_gap(condition: Condition, today: date) -> ColumnElement[bool]:
    """Whether the person's role asks for more of one of these competencies than is proven."""
    return or_(false(), *(_lacks(key) for key in condition.values))


def _lacks(key: str) -> ColumnElement[bool]:
    profile, proven = aliased(RoleProfile), aliased(Standing)
    target = profile.targets[key].as_integer()
    mine = and_(proven.person_id == Person.id, Competency.id == proven.competency_id, Competency.key == key)
    enough = exists(select(proven.person_id).where(mine, proven.level >= target)).correlate(Person, profile)
    return exists().where(
        PersonProfile.person_id == Person.id, profile.id == PersonProfile.profile_id, target.is_not(None), ~enough
    )


def _competencies(organisation_id: int) -> Choices:
    return [(key, name) for key, name in competency_choices() if '"' not in key]


def _competency_names(values: Iterable[str]) -> list[LocalizedText]:
    return [name for _key, name in competency_choices(list(values))]


add_audience(
    AudienceKind(
        "role_profile", _l("Role profiles"), _l("Role profile: %(names)s"),
        _has_profile, _profiles, _profile_names, order=30,
    )
)  # fmt: skip
add_audience(
    AudienceKind(
        "gap", _l("Competencies that are not proven to the level of the role"),
        _l("The role asks for more than is proven in: %(names)s"), _has_gap, _competencies, _competency_names, order=60,
    )
)  # fmt: skip
