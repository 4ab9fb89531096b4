"""Files of people: which column is which, and what a cell must hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from academy.accounts.rules_of_people import parse_email, parse_mobile
from academy.base.columns import Column
from academy.base.dates import parse_day
from academy.base.i18n import _l
from academy.base.text import LocalizedText, clean_line, has_arabic

MOST_ROWS = 5_000
LONGEST = 255
LONGEST_NUMBER = 40
CREATE, UPDATE, SAME, REFUSED = "create", "update", "unchanged", "refused"
FATES = (CREATE, UPDATE, SAME, REFUSED)
SHOWN = (
    "name_ar",
    "name_en",
    "mobile",
    "employee_number",
    "job_title_ar",
    "job_title_en",
    "unit",
    "manager",
    "joined_on",
)


COLUMNS = (
    Column("email", _l("E-mail"), "البريد الإلكتروني", "E-mail", ("email", "e-mail address", "email address", "mail", "البريد", "الايميل", "الإيميل", "ايميل", "بريد الكتروني", "work email")),
    Column("name_ar", _l("Name in Arabic"), "الاسم بالعربية", "Name in Arabic", ("الاسم العربي", "الاسم (عربي)", "الاسم عربي", "name (arabic)", "arabic name", "name ar")),
    Column("name_en", _l("Name in English"), "الاسم بالإنجليزية", "Name in English", ("الاسم الإنجليزي", "الاسم (إنجليزي)", "الاسم انجليزي", "الاسم باللاتينية", "name (english)", "english name", "latin name", "name en")),
    Column("name", _l("Name"), "الاسم", "Name", ("الاسم الكامل", "اسم الموظف", "full name", "employee name", "اسم المتدرب")),
    Column("mobile", _l("Mobile"), "الجوال", "Mobile", ("رقم الجوال", "الهاتف", "رقم الهاتف", "الهاتف المتنقل", "mobile number", "phone", "phone number")),
    Column("employee_number", _l("Employee number"), "الرقم الوظيفي", "Employee number", ("رقم الموظف", "employee id", "employee no", "staff number")),
    Column("job_title_ar", _l("Job title in Arabic"), "المسمى الوظيفي بالعربية", "Job title in Arabic", ("المسمى الوظيفي (عربي)", "job title (arabic)", "job title ar")),
    Column("job_title_en", _l("Job title in English"), "المسمى الوظيفي بالإنجليزية", "Job title in English", ("المسمى الوظيفي (إنجليزي)", "job title (english)", "job title en")),
    Column("job_title", _l("Job title"), "المسمى الوظيفي", "Job title", ("الوظيفة", "المسمى", "job", "title", "position")),
    Column("unit", _l("Organisational unit"), "الوحدة التنظيمية", "Organisational unit", ("الإدارة", "القسم", "الوحدة", "unit", "org unit", "department", "section")),
    Column("manager", _l("Manager's e-mail"), "بريد المدير المباشر", "Manager's e-mail", ("المدير", "المدير المباشر", "بريد المدير", "manager", "manager email", "line manager", "reports to")),
    Column("joined_on", _l("Joined on"), "تاريخ الالتحاق", "Joined on", ("تاريخ المباشرة", "تاريخ التعيين", "joining date", "joined", "hire date", "start date")),
)  # fmt: skip
TEMPLATE = tuple(column for column in COLUMNS if column.field not in ("name", "job_title"))
LABELS = {column.field: column.label for column in COLUMNS} | {"name": _l("Name"), "job_title": _l("Job title")}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused, and in which column."""

    field: str
    sentence: Any


def text_of(value: object) -> str:
    """Return a value of a row as it is shown and kept in the trail."""
    return value.isoformat() if isinstance(value, date) else str(value or "")


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a person that a row would change."""

    label: Any
    before: str
    after: str


@dataclass(slots=True)
class PlannedRow:
    """What would happen to one row of the file."""

    line: int
    email: str
    values: dict[str, Any]
    problems: list[Problem]
    person_id: int | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    @property
    def changed(self) -> list[str]:
        """The names of the values that would change."""
        return [name for name in SHOWN if self.after.get(name) != self.before.get(name)]

    @property
    def fate(self) -> str:
        """create, update, unchanged or refused."""
        if self.problems:
            return REFUSED
        if self.person_id is None:
            return CREATE
        return UPDATE if self.changed else SAME

    @property
    def name(self) -> LocalizedText:
        """The name the person would have."""
        source = self.after or self.values
        return LocalizedText(source.get("name_ar") or "", source.get("name_en") or "")

    @property
    def changes(self) -> list[Change]:
        """What would change, as shown."""
        return [
            Change(LABELS[name], text_of(self.before.get(name)), text_of(self.after.get(name))) for name in self.changed
        ]


def read_row(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    """Return the values of a row's filled cells and what is wrong with them. Blank cells are not among the values."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, cell in cells.items():
        typed = clean_line(cell)
        if not typed:
            continue
        value, wrong = _read(name, typed)
        if wrong:
            problems.append(Problem(name, wrong))
        else:
            values[_field_of(name, typed)] = value
    if "email" not in values and not any(problem.field == "email" for problem in problems):
        problems.append(Problem("email", _l("The e-mail address is missing.")))
    return values, problems


def _field_of(field: str, typed: str) -> str:
    """A column «name» goes to the language its letters show."""
    return f"{field}_{'ar' if has_arabic(typed) else 'en'}" if field in ("name", "job_title") else field


def _read(field: str, typed: str) -> tuple[str | date | None, Any]:
    if field in ("email", "manager"):
        return parse_email(typed), None if parse_email(typed) else _l("This is not an e-mail address.")
    if field == "mobile":
        return parse_mobile(typed), None if parse_mobile(typed) else _l("This is not a Saudi mobile number.")
    if field == "joined_on":
        return parse_day(typed), None if parse_day(typed) else _l(
            "This is not a day. Write it as 2027-03-01 or 12/9/1448."
        )
    limit = LONGEST_NUMBER if field == "employee_number" else LONGEST
    return typed, None if len(typed) <= limit else _l("This text is too long.")
