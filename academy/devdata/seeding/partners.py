"""Two partners with their agreements, and somebody in every state in which one may serve, or must not."""

from datetime import datetime, timedelta

from sqlalchemy import select

from academy.accounts import services as accounts
from academy.accounts.models import Organisation, OrgUnit, Person
from academy.base.dates import riyadh_day
from academy.base.db import db
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.credentials import services_of_revoking as revoking
from academy.credentials.attesting import Earlier, attest
from academy.credentials.queries import certificates_of
from academy.credentials.queries_of_imports import attestables
from academy.credentials.rules_of_imports import cycles_of
from academy.devdata.seeding.cast import Cast
from academy.learning.models import Programme
from academy.partners import services as partners
from academy.partners.models import JoinRequest
from academy.partners.rules import COURSE, PROGRAMME, Required

DAY = timedelta(days=1)
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n"
STRANGERS = (
    (LocalizedText("سامي عادل الفيفي", "Sami Adel Al-Faifi"), "أعمل في المساندة، وأحتاج الحساب لتجديد شهادتي."),
    (
        LocalizedText("نورة سعد الخثعمي", "Noura Saad Al-Khathami"),
        "موظفة استقبال جديدة في الفترة المسائية، ومشرفتي على علم بالطلب.",
    ),
    (LocalizedText("طلال فهد الجهني", ""), "انضممت هذا الأسبوع إلى فريق المكالمات."),
)
NEWCOMER = LocalizedText("لمى صالح الغامدي", "Lama Saleh Al-Ghamdi")


# Of the demonstration's own agent and the first partner's others, in their order: how many days ago the programme was certified,
# before the academy; None never.
CERTIFIED = (150, 300, 290, 280, 710, 260, 731, 240, None, 220, 210, None)


def load_partners(
    cast: Cast, courses: dict[str, Course], programmes: dict[str, Programme], *, since: datetime, now: datetime
) -> None:
    """Give the partners agreements, seats and contacts, and let some of their people leave, lose or lack a certificate.

    The first one's agreement asks for the partners' programme too, which its people had completed before the academy.
    """
    first, second = cast.partners
    programme = programmes["partner-certificate"]
    foundations, by, today = courses["cx-foundations"], cast.demo["admin"].id, riyadh_day(now)
    _places(cast, since, now)
    basic, whole = (
        [Required(COURSE, foundations.id)],
        [Required(COURSE, foundations.id), Required(PROGRAMME, programme.id)],
    )
    terms = (first, 330, 200, whole), (second, 320, 45, basic)
    for number, (partner, begins, ends, required) in enumerate(terms, start=1):
        agreement = partners.make_agreement(
            partner, f"CX-P-{today.year}-{number:02}", starts_on=today - begins * DAY, ends_on=today + ends * DAY,
            required=required, actor_id=by, at=since,
        )  # fmt: skip
        partners.add_document(agreement, PAPER, "الاتفاقية الموقّعة.pdf", actor_id=by, at=since)
    accounts.set_seats(first, 13, at=since, actor_id=by)
    accounts.set_seats(second, 30, at=since, actor_id=by)
    _attest(cast, first, programme, now)
    _introduce(first, cast.demo["partner-admin"], since)
    _part(cast, first, foundations, now)
    _ask_to_join(first, cast.demo["partner-admin"], now)
    partners.sign_roster(
        first, today - 30 * DAY, today=today, actor_id=cast.demo["partner-admin"].id, at=now - 29 * DAY
    )


def _places(cast: Cast, since: datetime, now: datetime) -> None:
    """All have been with their partners from the beginning, but for the demonstration's own agent, who is new."""
    theirs = Person.organisation_id.in_([partner.id for partner in cast.partners])
    ids = set(db.session.scalars(select(Person.id).where(theirs))) - {cast.demo["partner"].id}
    accounts.note_places(ids, since)
    accounts.note_places([cast.demo["partner"].id], now - 9 * DAY)


def _attest(cast: Cast, partner: Organisation, programme: Programme, now: datetime) -> None:
    """Enter the certificates of the programme that the partner's people had earned before the academy; each lasts two years."""
    of, today = attestables({programme.key})[programme.key][0], riyadh_day(now)
    agents = [cast.demo["partner"], *(person for person in cast.agents if person.organisation_id == partner.id)]
    for number, (person, days) in enumerate(zip(agents, CERTIFIED, strict=False), start=1):
        if days is not None:
            day = today - days * DAY
            earlier = Earlier(
                person.id, of, cycles_of(day)[0], day, day + 730 * DAY, f"SPA-{day.year}-{number:04}", LocalizedText(),
                cast.demo["admin"].id,
            )  # fmt: skip
            attest(earlier, at=now - 40 * DAY)


def _ask_to_join(partner: Organisation, admin: Person, now: datetime) -> None:
    """Strangers may ask to join the first partner: two of them wait, and one was refused."""
    partners.change_registration(
        partner, opened=True, domains="jusoor.example", ends_on=None, actor_id=admin.id, at=now - 20 * DAY
    )
    unit = db.session.scalars(select(OrgUnit).where(OrgUnit.organisation_id == partner.id).order_by(OrgUnit.id)).first()
    for number, (name, words) in enumerate(STRANGERS):
        at = now - (9 - 3 * number) * DAY
        partners.ask_to_join(
            partner, email=f"joins{number + 1}@jusoor.example", name=name, org_unit_id=unit.id if unit else None,
            statement=words, language="ar", network=None, at=at,
        )  # fmt: skip
        row = db.session.scalars(select(JoinRequest).order_by(JoinRequest.id.desc())).first()
        assert row is not None
        partners.confirm_request(row, at=at)
        if number == 0:
            partners.refuse_request(row, "انتهى عقدك معنا في الشهر الماضي.", actor_id=admin.id, at=at + DAY)


def _introduce(partner: Organisation, admin: Person, at: datetime) -> None:
    partners.change_profile(
        partner, colour="#1d4f7c", actor_id=admin.id, at=at,
        contacts={
            "service": partners.Contact("مركز عمليات الشريك", "service@jusoor.example", "+966512345678"),
            "incidents": partners.Contact("مناوب الحوادث", "incidents@jusoor.example", "+966512345679"),
        },
    )  # fmt: skip


def _part(cast: Cast, partner: Organisation, course: Course, now: datetime) -> None:
    """One has left, one lost a certificate, one is suspended, one was invited yesterday."""
    gone, careless, absent = [person for person in cast.agents if person.organisation_id == partner.id][:3]
    admin, root = cast.demo["partner-admin"], cast.demo["admin"]
    partners.end_membership(gone, reason="contract", actor_id=admin.id, at=now - 5 * DAY)
    for row in certificates_of(careless.id):
        if row.course_id == course.id:
            proposal = revoking.propose(
                row.id, reason_class="integrity", reason="ثبت أن غيره أدى الاختبار عنه.",
                actor_id=cast.specialists[-1].id, at=now - 13 * DAY,
            )  # fmt: skip
            revoking.confirm(proposal.id, actor_id=root.id, at=now - 12 * DAY)
    accounts.suspend(absent, reason="إجازة طويلة", actor_id=admin.id, at=now - 2 * DAY)
    details = accounts.PersonDetails(
        email=f"lama.alghamdi@{partner.key}.example", name=NEWCOMER, org_unit_id=careless.org_unit_id
    )
    newcomer = accounts.create_person(details, organisation_id=partner.id, at=now - DAY, actor_id=admin.id)
    accounts.invite(newcomer, at=now - DAY, actor_id=admin.id)
