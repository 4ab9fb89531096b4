"""Files of people: which column is which, and what a cell must hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from academy.accounts.rules_of_people import parse_email, parse_mobile
from academy.base.columns import Column
from academy.base.dates import parse_day
from academy.base.i18n import _l
from academy.base.text import clean_line, has_arabic

MOST_ROWS = 5_000
LONGEST = 255
LONGEST_NUMBER = 40


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


def read_row(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    """Return the values of a row's filled cells and what is wrong with them. Blank cells are not among the values."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for field, cell in cells.items():
        typed = clean_line(cell)
        if not typed:
            continue
        value, wrong = _read(field, typed)
        if wrong:
            problems.append(Problem(field, wrong))
        else:
            values[_field_of(field, typed)] = value
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
