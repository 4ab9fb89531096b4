"""The classes of reasons for a revocation, which is all that a stranger is told of them; what is told of certificates in doubt."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from academy.base.i18n import LANGUAGES, _l, in_language
from academy.base.text import LocalizedText
from academy.notices.kinds import HOLDING, KEEPERS, Kind, add, add_value, belong_to

REPLACED = "replaced"
REVOCATIONS_BY_HAND: dict[str, Any] = {
    "error": _l("Issued in error"),
    "integrity": _l("Breach of the assessment rules"),
    "holder": _l("At the holder's request"),
    "other": _l("Decision of the issuing organisation"),
}
# That one was replaced is said by correcting it alone.
REVOCATIONS: dict[str, Any] = {**REVOCATIONS_BY_HAND, REPLACED: _l("Replaced by a corrected certificate")}
CORRECTED = _l("The name was corrected")

READ_BY = _l("Administrators, credential officers and auditors of the organisation read it.")

HOLDS_BY_HAND: dict[str, Any] = {
    "inquiry": _l("While a matter is looked into"),
    "requested": _l("Suspended at the holder's request"),
    "decided": _l("Suspended by the issuing organisation"),
}
HOLDS: dict[str, Any] = {
    "membership": _l("The holder's membership of a partner has ended"),
    **HOLDS_BY_HAND,
}


STOPPED: dict[str, Any] = {**REVOCATIONS, **HOLDS}  # why a certificate does not count, for good or for a while


def stopped_because(reason_class: str) -> LocalizedText:
    """Return the class of a reason in both languages."""
    said = {}
    for language in LANGUAGES:
        with in_language(language):
            said[language] = str(STOPPED[reason_class])
    return LocalizedText(said["ar"], said["en"])


add_value(
    "because",
    _l("The class of the reason, as the public register says it"),
    LocalizedText("بطلب من صاحب الشهادة", "At the holder's request"),
)
CERTIFICATES_IN_DOUBT = add(
    Kind(
        "certificates_in_doubt",
        _l("Certificates in doubt: %(count)s"),
        (
            _l("A regrade in %(course)s has taken the basis of certificates that were issued already."),
            _l("The reason of the regrade: %(reason)s"),
            _l("They stay valid until somebody who may decides about each."),
        ),
        _l("Look at the certificates"),
        icon="award",
        label=_l("Certificates in doubt that I may decide about"),
    )
)
DOUBTS_WAIT = add(
    Kind(
        "doubts_wait",
        _l("Certificates in doubt wait for a decision: %(count)s"),
        (
            _l("A regrade in %(course)s has taken their basis, and nobody has decided about them since %(since)s."),
            _l("They stay valid until somebody who may decides about each."),
        ),
        _l("Look at the certificates"),
        icon="award",
        label=_l("Reminders of certificates in doubt"),
    )
)
CERTIFICATE_IMPORTED = add(
    Kind(
        "certificate_imported",
        _l("An earlier certificate of yours is in the register: %(course)s"),
        (
            _l("A certificate for %(course)s that you earned before was entered in the academy's register."),
            _l("Its number in the register is %(number)s."),
        ),
        _l("Open my certificates"),
        icon="award",
        label=_l("Earlier certificates of mine that were imported"),
    )
)
CERTIFICATE_KEPT = add(
    Kind(
        "certificate_kept",
        _l("Your certificate stands: %(course)s"),
        (
            _l("A corrected result has changed what your certificate for %(course)s rests on."),
            _l("It was decided that the certificate %(number)s stands."),
        ),
        _l("Open my certificates"),
        icon="award",
        label=_l("Decisions about my certificates"),
    )
)
CERTIFICATE_REVOKED = add(
    Kind(
        "certificate_revoked",
        _l("Your certificate was revoked: %(course)s"),
        (
            _l("Your certificate %(number)s for %(course)s does not count any more."),
            _l("The reason, as the public register says it: %(because)s."),
        ),
        _l("Open my certificates"),
        icon="award",
        label=_l("Revoked certificates of mine"),
        needed=_l("Who relies on a certificate must learn at once that it does not count any more."),
    )
)
add_value("former", _l("The number of the certificate that was replaced"), "AB12-CD34-EF56")
CERTIFICATE_CORRECTED = add(
    Kind(
        "certificate_corrected",
        _l("The name on your certificate was corrected: %(course)s"),
        (
            _l("Your certificate for %(course)s was issued anew with the right name. Its number is %(number)s."),
            _l(
                "It takes the place of the certificate %(former)s, which counts no longer. Whoever checks that number learns of the new one."
            ),
        ),
        _l("Open my certificates"),
        icon="award",
        label=_l("Corrected certificates of mine"),
        needed=_l("Who relies on a certificate must learn at once that another one takes its place."),
    )
)
CERTIFICATE_RELEASED = add(
    Kind(
        "certificate_released",
        _l("Your certificate counts again: %(course)s"),
        (
            _l("The suspension of your certificate %(number)s for %(course)s has ended."),
            _l("It is valid until %(until)s."),
        ),
        _l("Open my certificates"),
        icon="award",
        label=_l("Suspended certificates of mine that count again"),
    )
)
CERTIFICATE_HELD = add(
    Kind(
        "certificate_held",
        _l("Your certificate is suspended: %(course)s"),
        (
            _l("Your certificate %(number)s for %(course)s does not count at present."),
            _l("The reason, as the public register says it: %(because)s."),
            _l("You will be told when it counts again."),
        ),
        _l("Open my certificates"),
        icon="award",
        label=_l("Suspended certificates of mine"),
        needed=_l("Who relies on a certificate must learn at once that it does not count at present."),
    )
)
REVOCATION_WAITS = add(
    Kind(
        "revocation_waits",
        _l("A revocation waits for a second person: %(course)s"),
        (
            _l("%(by)s proposes to revoke the certificate %(number)s."),
            _l("The reason, as the public register would say it: %(because)s."),
            _l("The certificate stands as it is until somebody else confirms or declines."),
        ),
        _l("Look at the proposal"),
        icon="award",
        label=_l("Revocations that wait for my decision"),
    )
)
REVOCATION_DECLINED = add(
    Kind(
        "revocation_declined",
        _l("The revocation that you proposed was declined: %(course)s"),
        (
            _l("%(by)s declined to revoke the certificate %(number)s. It stands as it was."),
            _l("The reason that was given: %(reason)s"),
        ),
        _l("Open the certificate"),
        icon="award",
        label=_l("Answers to revocations that I proposed"),
    )
)
CORRECTION_WAITS = add(
    Kind(
        "correction_waits",
        _l("A correction waits for a second person: %(course)s"),
        (
            _l("%(by)s proposes to correct the name on the certificate %(number)s."),
            _l("The certificate stands as it is until somebody else confirms or declines."),
        ),
        _l("Look at the proposal"),
        icon="award",
        label=_l("Corrections of certificates that wait for my decision"),
    )
)
CORRECTION_DECLINED = add(
    Kind(
        "correction_declined",
        _l("The correction that you proposed was declined: %(course)s"),
        (
            _l("%(by)s declined to correct the certificate %(number)s. It stands as it was."),
            _l("The reason that was given: %(reason)s"),
        ),
        _l("Open the certificate"),
        icon="award",
        label=_l("Answers to corrections that I proposed"),
    )
)
CORRECTION_ASKED = add(
    Kind(
        "correction_asked",
        _l("A holder asks for another name on a certificate: %(course)s"),
        (
            _l("%(by)s says that the name on the certificate %(number)s is wrong."),
            _l("The certificate stands as it is until somebody corrects it or refuses."),
        ),
        _l("Look at the request"),
        icon="award",
        label=_l("Requests of holders for another name on a certificate"),
    )
)
CORRECTION_REFUSED = add(
    Kind(
        "correction_refused",
        _l("The name on your certificate stays as it is: %(course)s"),
        (
            _l("Your request for another name on the certificate %(number)s was refused."),
            _l("The reason that was given: %(reason)s"),
        ),
        _l("Open my certificates"),
        icon="award",
        label=_l("Answers to my requests for another name on a certificate"),
        needed=_l("You asked, and learn what was decided."),
    )
)
KEY_TO_CONFIRM = add(
    Kind(
        "key_to_confirm",
        _l("Replacing the key of badges waits for a second person"),
        (
            _l("%(by)s proposes to replace the key that signs badges."),
            _l("The reason: %(reason)s"),
            _l("The key in use signs on until somebody else confirms or declines."),
        ),
        _l("Look at the proposal"),
        icon="award",
        label=_l("Keys of badges that wait for my decision"),
    )
)
KEY_DECLINED = add(
    Kind(
        "key_declined",
        _l("Replacing the key of badges, which you proposed, was declined"),
        (
            _l("%(by)s declined to replace the key. It signs on."),
            _l("The reason that was given: %(reason)s"),
        ),
        _l("Look at the keys"),
        icon="award",
        label=_l("Answers to replacements of keys that I proposed"),
    )
)
add_value(
    "template",
    _l("The name of a template of certificates"),
    LocalizedText("شهادات الجهة", "Certificates of the agency"),
)
TEMPLATE_TO_APPROVE = add(
    Kind(
        "template_to_approve",
        _l("A template of certificates waits for you: %(template)s"),
        (
            _l("%(person)s has edited the template %(template)s and asks a second person to approve it."),
            _l("Certificates look as before until somebody does."),
        ),
        _l("Look at the template"),
        icon="award",
        label=_l("Templates of certificates that I may approve"),
    )
)
TEMPLATE_TO_RETIRE = add(
    Kind(
        "template_to_retire",
        _l("A template of certificates is to be retired: %(template)s"),
        (
            _l("%(person)s proposes to retire the template %(template)s and asks a second person to agree."),
            _l("It can be chosen as before until somebody does. What was issued in it keeps its look."),
        ),
        _l("Look at the template"),
        icon="award",
        label=_l("Templates of certificates that are to be retired"),
    )
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A higher slice's papers in the public register, at `/verify/<folder>/<number>`.

    `find` returns the address of a number, None when it has none; `known` the number of the paper that was given out with these
    bytes, by their SHA-256; `answer` the register's answer to a number of its own, for a file "genuine" or "altered".
    """

    folder: str
    find: Callable[[str], str | None]
    known: Callable[[str], str | None]
    answer: Callable[[str, str], Any]


PAPERS: dict[str, Paper] = {}


def add_paper(paper: Paper) -> None:
    """Let the register lead to a higher slice's papers too."""
    PAPERS[paper.folder] = paper


belong_to(HOLDING, CERTIFICATE_IMPORTED, CERTIFICATE_KEPT, CERTIFICATE_RELEASED)
belong_to(KEEPERS, CERTIFICATES_IN_DOUBT, DOUBTS_WAIT, REVOCATION_WAITS, REVOCATION_DECLINED)
belong_to(KEEPERS, CORRECTION_WAITS, CORRECTION_DECLINED, CORRECTION_ASKED)
belong_to(KEEPERS, KEY_TO_CONFIRM, KEY_DECLINED, TEMPLATE_TO_APPROVE, TEMPLATE_TO_RETIRE)
