"""What the pages and letters of accreditation say: states, documents, units, and what partners and members are told."""

from typing import Any

from academy.accounts.kinds import name_act
from academy.base.i18n import LANGUAGES, _l, in_language
from academy.base.text import LocalizedText
from academy.notices.kinds import JUDGES, Kind, add, add_value, belong_to
from academy.partners.accreditation.rules import State, Status, Why

# Documents that a scheme may ask for, by the words of its content.
DOCUMENTS: dict[str, Any] = {
    "promise": _l("The promise to customers"),
    "blueprint": _l("The blueprint of the service"),
    "data_rules": _l("The rules for customers' data"),
    "exit_plan": _l("The exit plan"),
}
SOURCES: dict[str, Any] = {
    "roster": _l("The serving roster"),
    "completions": _l("The records of learning"),
    "documents": _l("The documents of the application"),
    "none": _l("Nothing entered yet"),
}
STATES: dict[str, Any] = {
    State.DRAFT: _l("Being prepared"),
    State.SUBMITTED: _l("Under review"),
    State.COMMITTEE: _l("Before the committee"),
    State.GRANTED: _l("Granted"),
    State.REFUSED: _l("Refused"),
    State.RETRACTED: _l("Retracted"),
}
STATUSES: dict[str, Any] = {
    Status.VALID: _l("In force"),
    Status.SUSPENDED: _l("Suspended at present"),
    Status.EXPIRED: _l("Has expired"),
    Status.REPLACED: _l("Replaced by a newer one"),
    Status.WITHDRAWN: _l("Withdrawn"),
}
UNDECIDED: dict[str, Any] = {
    Why.QUORUM: _l("Too few members have voted."),
    Why.TIE: _l("As many are in favour as against. One more vote is needed."),
    Why.REVIEWERS: _l("Without those who reviewed the evidence there is no majority. One more vote is needed."),
}


def document_named(ref: str) -> LocalizedText:
    """Return the name of a document in both languages."""
    said = {}
    for language in LANGUAGES:
        with in_language(language):
            said[language] = str(DOCUMENTS.get(ref, ref))
    return LocalizedText(said["ar"], said["en"])


APPLY = "partners:accreditation:apply"
SUBMIT = "partners:accreditation:submit"
RETRACT = "partners:accreditation:retract"
HAND_IN = "partners:accreditation:hand_in"
REVIEW_DOCUMENT = "partners:accreditation:review_document"
ENTER_MEASURE = "partners:accreditation:enter_measure"
SEND = "partners:accreditation:send"
VOTE = "partners:accreditation:vote"
DECIDE = "partners:accreditation:decide"
PROPOSE_WITHDRAWAL = "partners:accreditation:propose_withdrawal"
PUBLISH_SCHEME = "partners:accreditation:publish_scheme"
BREACH = "partners:accreditation:breach"
HEAL = "partners:accreditation:heal"
SUSPEND = "partners:accreditation:suspend"
RESTORE = "partners:accreditation:restore"

for act, label in {
    APPLY: _l("Application for accreditation begun"),
    SUBMIT: _l("Application for accreditation submitted"),
    RETRACT: _l("Application for accreditation retracted"),
    HAND_IN: _l("Document for accreditation handed in"),
    REVIEW_DOCUMENT: _l("Document for accreditation reviewed"),
    ENTER_MEASURE: _l("Measure for accreditation entered"),
    SEND: _l("Application put before the accreditation committee"),
    VOTE: _l("Vote of an accreditation committee given"),
    DECIDE: _l("Accreditation decided"),
    PROPOSE_WITHDRAWAL: _l("Withdrawal of an accreditation proposed"),
    PUBLISH_SCHEME: _l("Scheme of accreditation published"),
    BREACH: _l("Criterion of an accreditation not met any more"),
    HEAL: _l("Criterion of an accreditation met again"),
    SUSPEND: _l("Accreditation suspended"),
    RESTORE: _l("Suspension of an accreditation ended"),
}.items():
    name_act(act, label)

add_value("document", _l("Document of the application for accreditation"), LocalizedText("خطة الخروج", "The exit plan"))
add_value("level", _l("Level of the accreditation"), LocalizedText("مؤهَّل", "Qualified"))
add_value("criterion", _l("Criterion of the accreditation"), LocalizedText("جميع من يباشرون الخدمة يحملون شهادة سارية.", "Everyone serving holds a current certificate."))  # fmt: skip


def _kind(name: str, title: Any, *body: Any, icon: str = "award", label: Any, needed: Any = "") -> str:
    return add(Kind(name, title, body, _l("Open"), icon=icon, label=label, needed=needed))


SUBMITTED = _kind(
    "accreditation_submitted",
    _l("%(partner)s applies for accreditation"),
    _l("%(partner)s has handed in an application for accreditation. Review its documents and enter its measures."),
    label=_l("Applications for accreditation to review"),
)
TO_VOTE = _kind(
    "accreditation_to_vote",
    _l("Your vote is asked for: %(partner)s"),
    _l("The accreditation committee is asked to decide about %(partner)s. Read the evidence and give your vote with its reason."),
    label=_l("Votes of the accreditation committee"),
)  # fmt: skip
DOCUMENT_RETURNED = _kind(
    "accreditation_returned",
    _l("A document of your application for accreditation was returned"),
    _l("The reviewer has returned a document of %(partner)s: %(reason)s"),
    _l("The document: “%(document)s”."),
    _l("Hand in a better one on the page of the application."),
    label=_l("Documents for accreditation that were returned"),
)
GRANTED = _kind(
    "accreditation_granted",
    _l("%(partner)s is accredited: %(level)s"),
    _l("The committee has accredited %(partner)s at the level “%(level)s” until %(until)s."),
    _l("The certificate can be downloaded from the page of the accreditation."),
    label=_l("Decisions about accreditation"),
)
REFUSED = _kind(
    "accreditation_refused",
    _l("The committee has not accredited %(partner)s"),
    _l("The reason of the decision: %(reason)s"),
    _l("You can apply again at any time."),
    label=_l("Refusals of accreditation"),
)
WITHDRAWN = _kind(
    "accreditation_withdrawn",
    _l("The accreditation of %(partner)s was withdrawn"),
    _l("The reason of the decision: %(reason)s"),
    icon="ban",
    label=_l("The withdrawal of an accreditation"),
    needed=_l("Whoever loses an accreditation must learn of it at once."),
)
BREACHED = _kind(
    "accreditation_breached",
    _l("%(partner)s does not meet a criterion of its accreditation any more"),
    _l("The criterion: %(criterion)s"),
    _l("If it is not met again by %(until)s, the accreditation is suspended."),
    icon="triangle-alert",
    label=_l("Criteria of our accreditation that are not met any more"),
    needed=_l("An accreditation is suspended when the grace has passed."),
)
HEALED = _kind(
    "accreditation_healed",
    _l("%(partner)s meets all criteria of its accreditation again"),
    _l("The accreditation of %(partner)s is in order again."),
    icon="circle-check",
    label=_l("Criteria of our accreditation that are met again"),
)
SUSPENDED = _kind(
    "accreditation_suspended",
    _l("The accreditation of %(partner)s is suspended"),
    _l("The grace has passed, and this criterion is still not met: %(criterion)s"),
    _l("The suspension ends by itself as soon as the criterion is met again."),
    icon="ban",
    label=_l("The suspension of an accreditation"),
    needed=_l("Whoever loses an accreditation must learn of it at once."),
)
RESTORED = _kind(
    "accreditation_restored",
    _l("The suspension of the accreditation of %(partner)s has ended"),
    _l("The accreditation of %(partner)s holds again."),
    icon="circle-check",
    label=_l("The end of a suspension of our accreditation"),
)
ENDING = _kind(
    "accreditation_ending",
    _l("The accreditation of %(partner)s ends on %(until)s"),
    _l("Apply for its renewal before that day."),
    icon="calendar-clock",
    label=_l("When our accreditation ends soon"),
)
belong_to(JUDGES, SUBMITTED, TO_VOTE, DOCUMENT_RETURNED, GRANTED, REFUSED, WITHDRAWN)
belong_to(JUDGES, BREACHED, HEALED, SUSPENDED, RESTORED, ENDING)
