"""The people of the demonstration academy: an agency with six units, and two partners."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from academy.accounts import services as accounts
from academy.accounts.models import Organisation, OrgUnit, Person
from academy.base.dates import riyadh_day
from academy.base.text import LocalizedText
from academy.competencies import services as competencies
from academy.devdata import accounts as demo
from academy.devdata.names import AGENCY, PARTNERS, DemoName, DemoOrganisation, DemoUnit, job_titles, people

STAFF_PER_UNIT = {
    "service-centres": 2, "centre-north": 7, "centre-coast": 7, "contact-centre": 2, "labour-line": 6, "family-line": 6,
    "digital-services": 5, "customer-experience": 5, "social-care": 6, "partnerships": 3,
}  # fmt: skip
SPECIALISTS = {"customer-experience", "digital-services"}
PARTNER_PEOPLE = 12
ACADEMY = accounts.AcademyDetails(
    name=LocalizedText("أكاديمية تجربة العميل", "CX Academy"),
    short_name=LocalizedText("الأكاديمية", "Academy"),
    customer_word=LocalizedText("المستفيد", "customer"),
    introduction=LocalizedText(
        "تُعدّ الأكاديمية موظفي الجهة وشركاءها لخدمة الناس: مقررات قصيرة تنطلق من مواقف الخدمة اليومية، واختبارات تُظهر ما أُتقن، وشهادات يستطيع أي أحد التحقق منها.",
        "The academy prepares an agency's staff and its partners to serve people: short courses from everyday service, quizzes that show what is mastered, and certificates that anyone can check.",
    ),
    signer_name=LocalizedText("د. سارة عبدالله الغامدي", "Dr Sarah Abdullah Al-Ghamdi"),
    signer_role=LocalizedText("المشرفة العامة على الأكاديمية", "Supervisor General of the Academy"),
)


@dataclass
class Cast:
    """Everyone, by what they are in the story."""

    agency: Organisation
    partners: list[Organisation] = field(default_factory=list)
    units: dict[str, OrgUnit] = field(default_factory=dict)
    demo: dict[str, Person] = field(default_factory=dict)
    staff: list[Person] = field(default_factory=list)
    specialists: list[Person] = field(default_factory=list)
    agents: list[Person] = field(default_factory=list)
    heads: dict[str, Person] = field(default_factory=dict)


class Casting:
    """Adds people one after the other, each with a name nobody else has."""

    def __init__(self, *, seed: int, at: datetime) -> None:
        self.at = at
        self.names: Iterator[DemoName] = people(seed, 2_000)

    def person(
        self, organisation: Organisation, unit: OrgUnit | None, profile: str, *,
        manager: Person | None = None, account: demo.Account | None = None,
    ) -> Person:  # fmt: skip
        """Add an active person with the title and the role profile of their job."""
        name = account or next(self.names)
        email = account.email if account else f"{name.email_local}@{organisation.key}.example"  # type: ignore[union-attr]
        title = job_titles(profile, "female" if name.gender == "female" else "male")[0]
        details = accounts.PersonDetails(
            email=email,
            name=name.name,
            job_title=title,
            org_unit_id=unit.id if unit else None,
            manager_id=manager.id if manager else None,
            joined_on=(self.at - timedelta(days=400)).date(),
        )
        person = accounts.create_person(details, organisation_id=organisation.id, at=self.at)
        if account is not None:
            accounts.set_password(person, account.password)
        person.state = "active"
        competencies.set_profile(person.id, profile, at=self.at)
        return person


def gather(*, seed: int, at: datetime) -> Cast:
    """Bring the whole cast together: the academy's settings, organisations, units, people and roles."""
    accounts.create_academy(ACADEMY, at=at)
    casting = Casting(seed=seed, at=at)
    cast = Cast(_organisation(AGENCY, "agency", at))
    _agency(cast, casting)
    for number, outline in enumerate(PARTNERS):
        _partner(cast, casting, outline, first=number == 0)
    return cast


def _organisation(outline: DemoOrganisation, kind: str, at: datetime) -> Organisation:
    return accounts.create_organisation(outline.name, kind=kind, key=outline.key, at=at)


def _units(cast: Cast, organisation: Organisation, outlines: tuple[DemoUnit, ...], at: datetime) -> None:
    for outline in outlines:
        top = accounts.create_org_unit(organisation.id, outline.name, key=outline.key, at=at)
        cast.units[outline.key] = top
        for part in outline.parts:
            row = accounts.create_org_unit(organisation.id, part.name, key=part.key, parent=top, at=at)
            cast.units[part.key] = row


def _agency(cast: Cast, casting: Casting) -> None:
    at, agency = casting.at, cast.agency
    _units(cast, agency, AGENCY.units, at)
    director = casting.person(agency, None, "leader", account=demo.DIRECTOR)
    accounts.grant_role(director, "manager", organisation_id=agency.id, at=at)
    admin = casting.person(
        agency, cast.units["partnerships"], "service_owner", manager=director, account=demo.ADMINISTRATOR
    )
    accounts.grant_role(admin, "administrator", at=at)
    trainer = casting.person(
        agency, cast.units["customer-experience"], "cx_specialist", manager=director, account=demo.TRAINER
    )
    second = casting.person(agency, cast.units["customer-experience"], "cx_specialist", manager=director)
    for each in (trainer, second):
        accounts.grant_role(each, "trainer", organisation_id=agency.id, at=at)
    cast.demo |= {"director": director, "admin": admin, "trainer": trainer}
    for outline in AGENCY.units:
        account = {"service-centres": demo.MANAGER, "digital-services": demo.DEPUTY}.get(outline.key)
        if account is demo.DEPUTY:
            next(casting.names)
        head = casting.person(agency, cast.units[outline.key], "supervisor", manager=director, account=account)
        accounts.grant_role(head, "manager", organisation_id=agency.id, org_unit_id=cast.units[outline.key].id, at=at)
        cast.heads[outline.key] = head
        for unit in (outline, *outline.parts):
            _staff(cast, casting, unit.key, head)
    cast.demo["manager"] = cast.heads["service-centres"]
    cast.demo["deputy"] = cast.heads["digital-services"]


def govern(cast: Cast, *, seed: int, at: datetime) -> None:
    """Let an officer keep the certificates, a reviewer judge the bank, and an auditor read it all."""
    casting, unit = Casting(seed=seed, at=at), cast.units["partnerships"]
    for account, role, of in (
        (demo.OFFICER, "officer", None),
        (demo.REVIEWER, "reviewer", cast.agency.id),
        (demo.AUDITOR, "auditor", None),
    ):
        person = casting.person(cast.agency, unit, "service_owner", manager=cast.demo["director"], account=account)
        accounts.grant_role(person, role, organisation_id=of, at=at)
        cast.demo[account.key] = person


def lead(cast: Cast, at: datetime) -> None:
    """Let a head stand in for the head of the service centres, and share one of their people for a project."""
    head, deputy = cast.demo["manager"], cast.demo["deputy"]
    today = riyadh_day(at)
    accounts.name_deputy(
        head, deputy.email, starts_on=today, ends_on=today + timedelta(days=180), actor_id=head.id, at=at
    )
    project = LocalizedText("مشروع الخدمات الرقمية", "Digital services project")
    accounts.add_matrix_manager(cast.demo["employee"], deputy.email, project, actor_id=None, at=at)


def _staff(cast: Cast, casting: Casting, key: str, head: Person) -> None:
    unit, role = cast.units[key], "cx_specialist" if key in SPECIALISTS else "frontline"
    crew = [casting.person(cast.agency, unit, role, manager=head) for _ in range(STAFF_PER_UNIT[key])]
    if key == "centre-north":
        cast.demo["employee"] = casting.person(cast.agency, unit, role, manager=head, account=demo.EMPLOYEE)
        cast.demo["newcomer"] = casting.person(cast.agency, unit, role, manager=head, account=demo.NEWCOMER)
    cast.staff += crew
    if key in SPECIALISTS:
        cast.specialists += crew


def _partner(cast: Cast, casting: Casting, outline: DemoOrganisation, *, first: bool) -> None:
    at, partner = casting.at, _organisation(outline, "partner", casting.at)
    cast.partners.append(partner)
    _units(cast, partner, outline.units, at)
    floor, quality = (cast.units[unit.key] for unit in outline.units)
    admin = casting.person(partner, quality, "supervisor", account=demo.PARTNER_ADMINISTRATOR if first else None)
    accounts.grant_role(admin, "administrator", organisation_id=partner.id, at=at)
    supervisor = casting.person(partner, floor, "supervisor", manager=admin)
    accounts.grant_role(supervisor, "manager", organisation_id=partner.id, at=at)
    cast.heads[partner.key] = supervisor
    others = PARTNER_PEOPLE - 2
    if first:
        cast.demo["partner"] = casting.person(
            partner, floor, "partner_frontline", manager=supervisor, account=demo.PARTNER
        )
        trainer = casting.person(partner, quality, "supervisor", manager=admin)
        accounts.grant_role(trainer, "trainer", organisation_id=partner.id, at=at)
        cast.demo["partner-admin"] = admin
        others -= 2
    cast.agents += [casting.person(partner, floor, "partner_frontline", manager=supervisor) for _ in range(others)]
