"""What an entry of the audit trail holds, in the reader's words: the names of its values, and the values themselves."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from flask_babel import LazyString

from academy.accounts.kinds import NAMED_IDS, SETTINGS, FindNames, name_ids
from academy.accounts.queries_of_oversight import names_by, names_of_organisations, names_of_people, names_of_units
from academy.accounts.routes.blueprints import administration
from academy.base.i18n import _, _l, current_language
from academy.base.text import LocalizedText
from academy.web.filters import day, in_digits, moment, plain
from academy.web.identity import actor

NAMES: dict[str, LazyString] = {
    "organisation": _l("Organisation"), "template": _l("Template"),
    "abbreviation": _l("Abbreviation"), "act": _l("Act"), "active": _l("Active"), "answer": _l("Answer"),
    "answer_days": _l("Days for an answer"), "as": _l("Form"), "attempt": _l("Attempt"), "attempts": _l("Attempts"),
    "assignment": _l("Assignment"), "audience": _l("Audience"), "automatic": _l("By itself"), "avoid": _l("Words to avoid"),
    "body-ar": _l("Letter in Arabic"), "body-en": _l("Letter in English"), "by": _l("Proposed by"), "by_letter": _l("Also by letter"),
    "certificate": _l("Certificate"), "changes": _l("Changes"), "class": _l("Class"), "closes": _l("Ends at"),
    "closes_at": _l("Closes"), "closes_on": _l("Closes on"), "code": _l("Code"), "colour": _l("Colour"),
    "competencies": _l("Competencies"), "competency": _l("Competency"), "completed": _l("Completed"),
    "former_number": _l("Former number"), "last_signs": _l("Last signs"), "of": _l("Out of"), "renewal": _l("Renewal"),
    "issued_on": _l("Issued on"), "credential": _l("Credential"),
    "to_import": _l("Will be imported"), "there_already": _l("There already"), "refused": _l("Refused"),
    "consequence": _l("Consequence"), "author_id": _l("Written by"), "contact_email": _l("Contact e-mail"), "course": _l("Course"), "course_id": _l("Course"),
    "courses": _l("Courses"), "dataset": _l("Data of the report"), "day": _l("Day"), "days": _l("Days"),
    "decision": _l("Decision"), "deputy_id": _l("Deputy"), "digest": _l("Fingerprint of the text"),
    "document": _l("Document"), "due": _l("Due date"), "due_on": _l("Due on"), "email": _l("E-mail"),
    "kept": _l("Letters wait"), "minutes_before": _l("Minutes before a prayer"), "minutes_after": _l("Minutes after a prayer"),
    "employee_number": _l("Employee number"), "ended": _l("Ended"), "ended_on": _l("Ended on"),
    "ends_at": _l("Ends at"), "ends_on": _l("Last day"), "enrolled": _l("Enrolled"), "enrolment": _l("Enrolment"),
    "enrolment_id": _l("Enrolment"), "exempted_by": _l("Who decides about exemptions"), "exemption": _l("Exemption"),
    "extra_attempts": _l("Extra attempts"), "extra_percent": _l("Extra time in percent"), "file": _l("File"),
    "first_on": _l("First day"), "format": _l("Form"), "grace_days": _l("Days of grace"), "hours": _l("Hours"),
    "how": _l("How"), "incidents": _l("For incidents, at any hour"), "job_title": _l("Job title"),
    "joined_on": _l("Joined on"), "key": _l("Key"), "kind": _l("Kind"), "label": _l("Label"),
    "locked": _l("Kept by the academy"), "language": _l("Language"), "larger_text": _l("Larger text"), "last_on": _l("Last day"),
    "left_out": _l("Left out"), "level": _l("Level"), "levels": _l("Levels"), "logo_key": _l("Logo"),
    "manager_id": _l("Manager"), "marks": _l("Marks"), "method": _l("How it was checked"),
    "mobile": _l("Mobile number"), "moved": _l("Attempts moved"), "moves": _l("What moves"), "name": _l("Name"),
    "new_number": _l("New number"), "new_version": _l("New version"), "no_clock": _l("No clock on screen"), "note": _l("Note"),
    "now_fail": _l("Now failing"), "now_pass": _l("Now passing"), "number": _l("Number"), "objection": _l("Objection"),
    "open": _l("Is open"), "opens": _l("Begins at"), "opens_at": _l("Opens"), "opens_on": _l("Opens on"),
    "org_unit_id": _l("Unit"), "organisation_id": _l("Organisation"), "outcome": _l("Outcome"),
    "parent_id": _l("Above it"), "passed": _l("Passed"), "path_course_id": _l("Course of renewal"),
    "people": _l("People"), "person_id": _l("Person"), "plural": _l("Plural"), "profile": _l("Role profile"),
    "profiles": _l("Role profiles"), "programme": _l("Programme"), "public": _l("Public"),
    "question_version": _l("Version of the question"), "questions": _l("Questions"), "quiz": _l("Quiz"), "quiz_version": _l("Version of the quiz"),
    "reason": _l("Reason"), "reference": _l("Number"), "reminded": _l("Reminded"), "reminders": _l("Reminders"),
    "request": _l("Request"), "review_before_publishing": _l("Review before publishing"), "fingerprint": _l("Fingerprint"), "revision": _l("Revision"), "role": _l("Role"), "rows": _l("Rows"), "seats": _l("Seats"),
    "service": _l("For the service"), "sha256": _l("Fingerprint of the file"), "share": _l("Share"),
    "starts_on": _l("First day"), "state": _l("State"), "still_waiting": _l("Still waiting"),
    "subject-ar": _l("Subject in Arabic"), "subject-en": _l("Subject in English"),
    "suspended_certificates": _l("Suspended certificates"), "tags": _l("Tags"), "target_role": _l("Role aimed at"),
    "term": _l("Term"), "threshold": _l("Threshold"), "title": _l("Title"), "touched": _l("Attempts looked at"),
    "trainer": _l("Trainer"), "turn": _l("Round"), "two_person_revocation": _l("Revoking takes two people"), "undertaking": _l("Undertaking"), "until": _l("Last day"), "updated": _l("Changed"),
    "valid_until": _l("Valid until"), "version": _l("Version"), "waits": _l("Waiting list"),
    "way": _l("How people come in"), "weekend": _l("Weekend"), "whom": _l("Whom"),
    "window_days": _l("Days of the window"), "criterion": _l("Criterion"), "criteria": _l("Criteria"),
    "as_of": _l("Last day of the measured time"), "source": _l("Source"), "in_favour": _l("In favour"), "votes": _l("Votes"),
    "alone": _l("Without a second administrator"), "retention_years": _l("Years in the register after the last day"),
    "domains": _l("Allowed e-mail domains"), "value": _l("Value"), "page_read": _l("Page that was read"), "words": _l("Narrowed to"),
    "name_ar": _l("Name in Arabic"), "name_en": _l("Name in English"), "job_title_ar": _l("Job title in Arabic"),
    "job_title_en": _l("Job title in English"), "unit": _l("Organisational unit"), "manager": _l("Manager's e-mail"),
    "created": _l("People added"), "short_name": _l("Short name"), "customer_word": _l("Word for the customer"),
    "introduction": _l("Introduction on the front page"), "signer_name": _l("Who signs certificates"),
    "signer_role": _l("Role of who signs"), "programmes": _l("Programmes"), "subject": _l("Subject"), "about": _l("About"),
    "category": _l("Bank category"), "retired": _l("Retired"), "job": _l("Job title"), "step": _l("Step of the programme"),
    "decider": _l("Who decides"), "place": _l("City"), "working_hours": _l("Send in working hours only, instead"),
    "remind_before": _l("Remind the person so many days before"), "manager_after": _l("Tell the manager after so many days late"),
    "administrator_after": _l("Tell the administrator after so many days late"), "pinned": _l("Pinned"),
    "conditions": _l("Conditions"), "match": _l("Conditions to be met"), "values": _l("Chosen values"),
    "count": _l("Number of days"), "scope": _l("For whom"), "quiz_id": _l("Quiz"), "valid_before": _l("Valid until"),
    "any_browser": _l("Any browser where a quiz asks for Safe Exam Browser"), "trainers": _l("Trainers"),
    "managers": _l("Managers"), "administrators": _l("Administrators"), "months": _l("Months after the last message"),
    "shows_read": _l("Senders see that a message of theirs was read"), "withdraw": _l("Places taken back"),
    "restore": _l("As before the assignment"), "begun": _l("Begun already"), "done": _l("Completed already"),
    "changed": _l("Given another due date"), "gone": _l("No longer there"),
}  # fmt: skip

WORDS: dict[str, LazyString] = {
    "accepted": _l("Accepted"), "asked": _l("Waits for review"), "active": _l("Active"), "administrator": _l("Administrator"),
    "administrators": _l("Administrators"), "agency": _l("Agency"), "agreed": _l("Agreed by both"), "all": _l("All"),
    "approved": _l("Approved"), "ar": _l("Arabic"), "archived": _l("Archived"), "closed": _l("Closed"),
    "completed": _l("Completed"), "confirmed": _l("Confirmed"), "declined": _l("Declined"), "draft": _l("Draft"), "employees": _l("Employees"),
    "en": _l("English"), "ended": _l("Ended"), "everyone": _l("Everyone"), "expired": _l("Expired"),
    "held": _l("Suspended for now"), "holiday": _l("Holiday"), "in_progress": _l("In progress"), "in_review": _l("In review"),
    "invited": _l("Invited"), "issued": _l("Issued"), "keep": _l("Keep"), "learner": _l("Learner"),
    "manager": _l("Manager"), "managers": _l("Managers"), "open": _l("Is open"), "page": _l("Page"),
    "partner": _l("Partner"), "partners": _l("Partners"), "published": _l("Published"), "ready": _l("Ready"),
    "refused": _l("Refused"), "request": _l("By request"), "retired": _l("Retired"), "revoked": _l("Revoked"),
    "sent": _l("Sent"), "short_hours": _l("Short hours"), "suspend": _l("Suspend"), "suspended": _l("Suspended"),
    "committee": _l("Accreditation committee"), "auditor": _l("Auditor"), "officer": _l("Credential officer"),
    "reviewer": _l("Content reviewer"), "granted": _l("Granted"), "returned": _l("Returned"),
    "promise": _l("The promise to customers"), "blueprint": _l("The blueprint of the service"),
    "data_rules": _l("The rules for customers' data"), "exit_plan": _l("The exit plan"),
    "approval asked": _l("Waits for approval"), "discarded": _l("Discarded"), "signed": _l("Signed"), "stopped": _l("Stopped"),
    "objected": _l("Objected to"), "settled": _l("Settled"), "proposed": _l("Proposed"), "superseded": _l("Superseded"),
    "exemption": _l("Exemption"), "learners": _l("Learners"), "any": _l("Any of them"), "unit": _l("Unit"), "job_title": _l("Job title"),
    "people": _l("People by name"), "working_days": _l("Working days"), "organisation": _l("Organisation"), "list": _l("List of people"),
    "move": _l("Move"), "tag": _l("Tag"), "untag": _l("Take the tag off"), "send": _l("Send to review"),
    "approve": _l("Approve"), "return": _l("Return with a comment"), "retire": _l("Retire"), "revive": _l("Bring back"),
    "error": _l("Issued in error"), "integrity": _l("Breach of the assessment rules"), "holder": _l("At the holder's request"),
    "other": _l("Decision of the issuing organisation"), "replaced": _l("Replaced by a corrected certificate"),
    "inquiry": _l("While a matter is looked into"), "requested": _l("Suspended at the holder's request"),
    "decided": _l("Suspended by the issuing organisation"), "membership": _l("The holder's membership of a partner has ended"),
    "trainer": _l("Trainer"), "waiting": _l("Waiting"), "withdraw": _l("Withdraw"), "withdrawn": _l("Withdrawn"),
}  # fmt: skip
DAY, TIME = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d(:\d\d)?"
NAMED = {
    "answer",
    "document",
    "outcome",
    "exempted_by",
    "state",
    "role",
    "kind",
    "audience",
    "way",
    "consequence",
    "language",
    "as",
    "before",
    "after",
    "about",
    "act",
    "class",
    "match",
    "scope",
}


Names = Mapping[FindNames, Mapping[int, LocalizedText]]

name_ids(("person_id", "manager_id", "deputy_id", "author_id", "by", "trainer", "decider"), names_of_people)
name_ids(("org_unit_id", "accounts:org_unit:parent_id"), names_of_units)
name_ids(("organisation_id",), names_of_organisations)


def names_in(entries: Sequence[Any]) -> Names:
    """Return what the ids in these entries of the trail are called for the visitor."""
    asked: dict[FindNames, set[int]] = defaultdict(set)
    for entry in entries:
        for key, value in [*(entry.before or {}).items(), *(entry.after or {}).items()]:
            if find := _finder(key, entry.act):
                asked[find] |= {each for each in (value if isinstance(value, list) else [value]) if type(each) is int}
    wanted = {find: find(ids, actor()) for find, ids in asked.items() if ids}
    return dict(zip(wanted, names_by(list(wanted.values())), strict=True))


def _finder(key: str, act: str) -> FindNames | None:
    return NAMED_IDS.get(f"{act.rpartition(':')[0]}:{key}") or NAMED_IDS.get(key)


def name_of(key: str) -> str:
    """Return how a value is called; an unknown one keeps its key, written as words."""
    return str(NAMES.get(key) or key.replace("_", " ").replace("-", " "))


@administration.app_template_filter("changes")
def told(values: Mapping[str, Any] | None, names: Names | None = None, act: str = "") -> list[tuple[str, str]]:
    """Return (name, value) of what an entry holds, in the reader's language and digits; of an id the name, if it is known."""
    return [
        (name_of(key), _shown(key, value, (names or {}).get(_finder(key, act), {})))  # type: ignore[arg-type]
        for key, value in (values or {}).items()
    ]


@administration.app_template_filter("whom")
def whom(entry: Any) -> str:
    """Return whom or what an act concerned, as it was recorded; the name of a person in the reader's language while they still bear it."""
    name: LocalizedText | None = entry.whom
    return plain(name) if name and entry.subject_label in (name.ar, name.en) else entry.subject_label


def _shown(key: str, value: Any, names: Mapping[int, LocalizedText]) -> str:
    if value is None or value in ("", []):
        return _("nothing")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Mapping):
        if set(value) == {"ar", "en"}:
            return plain(LocalizedText.of(dict(value)))
        return _listed([_("%(name)s: %(value)s", name=name, value=text) for name, text in told(value)])
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _listed([_shown(key, each, names) for each in value])
    if type(value) is int and value in names:
        return plain(names[value])
    if key == "locked" and value in SETTINGS:
        return str(SETTINGS[value].label)
    if key in NAMED and value in WORDS:
        return str(WORDS[value])
    return _timed(value) if isinstance(value, str) else in_digits(str(value))


def _timed(value: str) -> str:
    """Show a text that is a day, a moment or a time of day as such, any other as it is."""
    try:
        if re.fullmatch(DAY, value):
            return day(date.fromisoformat(value))
        if re.match(DAY + "[T ]", value):
            return moment(datetime.fromisoformat(value))
        return in_digits(f"{time.fromisoformat(value):%H:%M}") if re.fullmatch(TIME, value) else value
    except ValueError:
        return value


def _listed(parts: Sequence[str]) -> str:
    return ("؛ " if current_language() == "ar" else "; ").join(parts)
