"""People, organisations and units for tests."""

from datetime import UTC, datetime, timedelta
from itertools import count

from academy.accounts.models import Academy, Account, Organisation, OrgUnit, Person, PersonPlace, RoleGrant
from academy.accounts.models_of_addresses import AddressChange
from academy.base.db import db
from academy.base.text import LocalizedText

LONG_AGO = datetime(2026, 1, 4, 8, 0, tzinfo=UTC)
_numbers = count(1)


def both(ar: str, en: str) -> LocalizedText:
    """A text in both languages."""
    return LocalizedText(ar, en)


def _add(row):
    db.session.add(row)
    db.session.flush()
    return row


def academy(**given) -> Academy:
    """The academy's settings row."""
    values = {
        "id": 1,
        "name": both("أكاديمية تجربة العميل", "CX Academy"),
        "short_name": both("الأكاديمية", "Academy"),
        "customer_word": both("المستفيد", "customer"),
        "introduction": both("نعلّم خدمة الناس.", "We teach serving people."),
        "signer_name": both("د. سارة الغامدي", "Dr Sarah Alghamdi"),
        "signer_role": both("مديرة الأكاديمية", "Director of the academy"),
        "changed_at": LONG_AGO,
    }
    return db.session.get(Academy, 1) or _add(Academy(**{**values, **given}))


def organisation(kind: str = "agency", **given) -> Organisation:
    """An agency or a partner."""
    n = next(_numbers)
    values = {"key": f"org-{n}", "kind": kind, "name": both(f"جهة {n}", f"Organisation {n}"), "created_at": LONG_AGO}
    return _add(Organisation(**{**values, **given}))


def org_unit(of: Organisation | None = None, parent: OrgUnit | None = None, **given) -> OrgUnit:
    """A unit, below its parent if one is given."""
    n = next(_numbers)
    owner_id = parent.organisation_id if parent else (of or organisation()).id
    values = {"organisation_id": owner_id, "key": f"unit-{n}", "name": both(f"إدارة {n}", f"Department {n}")}
    row = _add(OrgUnit(**{**values, **given}, parent_id=parent.id if parent else None))
    row.path = f"{parent.path if parent else '/'}{row.id}/"
    db.session.flush()
    return row


def person(
    of: Organisation | None = None, unit: OrgUnit | None = None, manager: Person | None = None, **given
) -> Person:
    """An active person who reads Arabic."""
    n = next(_numbers)
    owner_id = (
        of.id if of else unit.organisation_id if unit else manager.organisation_id if manager else organisation().id
    )
    values = {
        "email": f"person{n}@example.test",
        "name": both(f"متدرب {n}", f"Trainee {n}"),
        "organisation_id": owner_id,
        "org_unit_id": unit.id if unit else None,
        "manager_id": manager.id if manager else None,
        "state": "active",
        "created_at": LONG_AGO,
    }
    row = _add(Person(**{**values, **given}))
    place = {"organisation_id": owner_id, "org_unit_id": row.org_unit_id, "manager_id": row.manager_id}
    _add(PersonPlace(person_id=row.id, at=row.created_at, state=row.state, **place))
    return row


def account(*of: Person, **given) -> Account:
    """The account that these people, one human being in several organisations, sign in with."""
    row = _add(Account(**{"email": of[0].email, "password_hash": "none that fits", **given}))
    for who in of:
        who.account_id = row.id
    db.session.flush()
    return row


def address_change(who: Person, email: str, *, at: datetime) -> AddressChange:
    """That somebody asks to sign in with another address; the links of both letters bear what stands in the row."""
    of = db.session.get(Account, who.account_id) if who.account_id else account(who)
    links = {"token_digest": f"confirm{who.id:057}", "stop_digest": f"stop{who.id:060}"}
    until = {"expires_at": at + timedelta(days=1), "stop_until": at + timedelta(days=7)}
    return _add(
        AddressChange(account_id=of.id, person_id=who.id, former=of.email, email=email, asked_at=at, **links, **until)
    )


def grant(who: Person, role: str, of: Organisation | None = None, unit: OrgUnit | None = None) -> Person:
    """Give a role: everywhere, in an organisation, or in a unit."""
    scope = {
        "organisation_id": of.id if of else unit.organisation_id if unit else None,
        "org_unit_id": unit.id if unit else None,
    }
    who.audits = role == "auditor"
    db.session.flush()
    _add(RoleGrant(person_id=who.id, role=role, granted_at=LONG_AGO, **scope))
    return who


def administrator(of: Organisation | None = None, everywhere: bool = True, **given) -> Person:
    """An administrator of the academy, or of one organisation."""
    who = person(of=of, **given)
    return grant(who, "administrator", None if everywhere else of)


def trainer(of: Organisation | None = None, **given) -> Person:
    """A trainer of their organisation."""
    who = person(of=of, **given)
    return grant(who, "trainer", db.session.get(Organisation, who.organisation_id))


def manager(unit: OrgUnit | None = None, **given) -> Person:
    """A manager of a unit with its sub-units."""
    unit = unit or org_unit()
    return grant(person(unit=unit, **given), "manager", unit=unit)
