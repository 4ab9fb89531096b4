"""What the academy tells people about their way in: invitations and passwords."""

from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.notices.kinds import Kind, add, add_value

add_value("organisation", _l("Name of the organisation"), LocalizedText("شركة الواحة", "Oasis Company"))
INVITATION = add(
    Kind(
        "invitation",
        _l("Your invitation to %(academy)s"),
        (
            _l("You are invited to learn at %(academy)s. Choose a password to enter."),
            _l("The link works once, until %(until)s."),
        ),
        _l("Accept the invitation"),
        icon="mail",
        listed=False,
        secret=True,
        label=_l("Invitations"),
        needed=_l("Without it nobody could enter the academy."),
        keeps=("until",),
    )
)
JOIN = add(
    Kind(
        "join",
        _l("Your invitation to join %(organisation)s"),
        (
            _l("You are invited to join %(organisation)s at %(academy)s. Join with your existing password."),
            _l("What you do in one organisation is not shown in another: not your courses, results or certificates."),
            _l("The link works once, until %(until)s."),
        ),
        _l("Join the organisation"),
        icon="mail",
        listed=False,
        secret=True,
        label=_l("Invitations to another organisation"),
        needed=_l("Without it nobody could join another organisation."),
        keeps=("until",),
    )
)
PASSWORD_RESET = add(
    Kind(
        "password_reset",
        _l("A new password for %(academy)s"),
        (
            _l("Somebody, probably you, asked for a new password for your account."),
            _l("The link works once, until %(until)s."),
            _l("If it was not you, do nothing: your password stays as it is."),
        ),
        _l("Choose a new password"),
        icon="key-round",
        listed=False,
        secret=True,
        label=_l("Links to a new password"),
        needed=_l("It is sent only when somebody asks for it, and opens your account."),
        keeps=("until",),
    )
)
PASSWORD_CHANGED = add(
    Kind(
        "password_changed",
        _l("Your password was changed"),
        (
            _l("The password of your account was changed: %(moment)s."),
            _l("If it was not you, ask for a new password at once and tell your administrator."),
        ),
        _l("Look at my account"),
        icon="key-round",
        label=_l("Changes of my password"),
        needed=_l("It protects your account: you learn at once of a change that was not yours."),
    )
)
ANONYMISING = add(
    Kind(
        "anonymising",
        _l("Confirm that %(person)s is anonymised"),
        (
            _l("%(by)s proposes to anonymise %(person)s. It cannot be undone, so a second administrator confirms it."),
            _l("Reason: %(reason)s"),
        ),
        _l("Look at the proposal"),
        icon="user-x",
        label=_l("People who are to be anonymised"),
        needed=_l("Without a second administrator it is not done."),
    )
)
# Told where somebody signs in, whatever address an organisation of theirs writes to.
OF_ACCOUNT = frozenset({PASSWORD_RESET, PASSWORD_CHANGED})
