"""What letters say of asking to join a partner, to strangers and to who decides."""

from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.notices.kinds import ADMINISTRATORS, Kind, add, add_value, belong_to

add_value("name", _l("Name of who asks"), LocalizedText("منى العتيبي", "Mona Alotaibi"))
add_value("known", _l("The address of an account"), "mona@company.example")
GIVEN = _l("Somebody, probably you, gave this address on the sign-in page of a partner. Nobody reads answers to it.")
CONFIRM_JOINING = add(
    Kind(
        "confirm_joining",
        _l("Confirm your address for %(partner)s"),
        (
            _l("Somebody, probably you, asks for an account with %(partner)s at %(academy)s."),
            _l("Open the link and confirm that this address is yours; then an administrator decides."),
            _l(
                "The address %(known)s has an account at the academy already: once you are approved, you join with the password that you have. What you do in one organisation is not shown in another."
            ),
            _l("The link works once, until %(until)s. If it was not you, do nothing: the request is forgotten."),
        ),
        _l("Confirm my address"),
        icon="mail",
        listed=False,
        secret=True,
        label=_l("Confirming an address"),
        needed=GIVEN,
        keeps=("until",),
    )
)
JOINING_KNOWN = add(
    Kind(
        "joining_known",
        _l("You belong to %(partner)s already"),
        (
            _l(
                "Somebody, probably you, asked for an account with %(partner)s at %(academy)s. This address has one there."
            ),
            _l(
                "Sign in with your password, or choose a new one there. If you cannot, ask the administrator of the organisation to invite you again."
            ),
            _l("If it was not you, do nothing: nothing has changed."),
        ),
        _l("Sign in"),
        icon="mail",
        listed=False,
        label=_l("Asking where one belongs already"),
        needed=GIVEN,
    )
)
JOINING_REFUSED = add(
    Kind(
        "joining_refused",
        _l("Your request to join %(partner)s was refused"),
        (
            _l("An administrator of %(partner)s has refused your request for an account at %(academy)s."),
            _l("Reason: %(reason)s"),
            _l("What you wrote is deleted after half a year."),
        ),
        "",
        icon="mail",
        listed=False,
        label=_l("Requests to join that are refused"),
        needed=GIVEN,
        keeps=("reason",),
    )
)
JOINING_ASKED = add(
    Kind(
        "joining_asked",
        _l("%(name)s asks to join %(partner)s"),
        (
            _l("%(name)s has confirmed an address and asks for an account with %(partner)s."),
            _l("Approve the request, or refuse it with a reason."),
        ),
        _l("Look at the request"),
        icon="user-plus",
        label=_l("Requests to join my organisation"),
    )
)
belong_to(ADMINISTRATORS, JOINING_ASKED)
