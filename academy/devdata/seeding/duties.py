"""The calendar of the demonstration agency, and what it makes people's duty by rule."""

from datetime import date, datetime, time

from hijridate import Gregorian, Hijri

from academy.base.dates import riyadh_day
from academy.base.text import LocalizedText
from academy.catalogue.models import Course
from academy.devdata.seeding.cast import Cast
from academy.learning.rules.duties import SUSPEND, Audience, Condition, Definition
from academy.learning.rules.working_days import WORKING_DAYS, DueRule
from academy.learning.services import duties, working_days

EID_AL_FITR = LocalizedText("إجازة عيد الفطر", "Eid al-Fitr holiday")
EID_AL_ADHA = LocalizedText("إجازة عيد الأضحى", "Eid al-Adha holiday")
NATIONAL_DAY = LocalizedText("اليوم الوطني", "National Day")
FOUNDING_DAY = LocalizedText("يوم التأسيس", "Founding Day")
RAMADAN = LocalizedText("شهر رمضان", "Ramadan")
RULE = LocalizedText("تصميم الخدمة لإدارة الشراكات", "Service design for partnerships")


def load_rule(cast: Cast, courses: dict[str, Course], *, at: datetime) -> None:
    """Make service design the duty of the unit that works with partners, and run the rule once."""
    audience = Audience((Condition("unit", (str(cast.units["partnerships"].id),)),))
    says = Definition(RULE.as_dict(), audience, DueRule(WORKING_DAYS, count=30), SUSPEND)
    by = cast.demo["admin"].id
    rule = duties.create_rule(
        says,
        organisation_id=cast.agency.id,
        org_unit_id=None,
        course_id=courses["service-design"].id,
        actor_id=by,
        at=at,
    )
    duties.apply_rule(rule, seen=duties.digest_of(rule), actor_id=by, at=at)
    duties.run_rule(rule.id, cause="asked", by_id=by, at=at)


def load_calendar(cast: Cast, *, at: datetime, now: datetime) -> None:
    """Enter the public holidays of this year and the next, and the hours of Ramadan."""
    by, agency = cast.demo["admin"], cast.agency
    working_days.set_work_week(
        agency.id, weekend=(4, 5), opens=time(7, 30), closes=time(14, 30), actor_id=by.id, at=at
    )  # fmt: skip
    today = riyadh_day(now)
    entries = [
        working_days.EntryDetails("holiday", date(year, month, day), date(year, month, day), name)
        for year in (today.year, today.year + 1)
        for month, day, name in ((2, 22, FOUNDING_DAY), (9, 23, NATIONAL_DAY))
    ]
    year = Gregorian.fromdate(today).to_hijri().year
    for hijri in (year, year + 1):
        entries += _of_hijri(hijri)
    for details in entries:
        working_days.add_entry(agency.id, details, actor_id=by.id, at=at)


def _of_hijri(year: int) -> list[working_days.EntryDetails]:
    def day(month: int, number: int) -> date:
        return date(*Hijri(year, month, number).to_gregorian().datetuple())

    return [
        working_days.EntryDetails("short_hours", day(9, 1), day(9, 29), RAMADAN, time(10), time(15)),
        working_days.EntryDetails("holiday", day(10, 1), day(10, 4), EID_AL_FITR),
        working_days.EntryDetails("holiday", day(12, 9), day(12, 12), EID_AL_ADHA),
    ]
