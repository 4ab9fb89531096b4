"""What the academy tells people about their way in: invitations and passwords."""

from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.notices.kinds import ADMINISTRATORS, Kind, add, add_value, belong_to

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
CONFIRM_ADDRESS = add(
    Kind(
        "confirm_address",
        _l("Confirm your new address for %(academy)s"),
        (
            _l("Somebody, probably you, wants to sign in to %(academy)s with this address."),
            _l("Open the link and confirm it. Until then nothing changes."),
            _l("The link works once, until %(until)s. If it was not you, do nothing."),
        ),
        _l("Confirm the address"),
        icon="mail",
        listed=False,
        secret=True,
        label=_l("Confirming a new address to sign in with"),
        needed=_l("Without it nobody could change the address that they sign in with."),
        keeps=("until",),
    )
)
ADDRESS_KNOWN = add(
    Kind(
        "address_known",
        _l("You have an account at %(academy)s already"),
        (
            _l("Somebody, probably you, wanted to sign in to another account at %(academy)s with this address."),
            _l(
                "This address signs in to an account of its own, so nothing changes. Sign in with it, or choose a new password there."
            ),
        ),
        _l("Sign in"),
        icon="mail",
        listed=False,
        label=_l("Asking for an address that signs in already"),
        needed=_l("Only the owner of an address may learn that it signs in already."),
    )
)
ADDRESS_ASKED = add(
    Kind(
        "address_asked",
        _l("Somebody asks to change the address that you sign in with"),
        (
            _l("It was asked with your password: %(moment)s. Nothing changes until the new address is confirmed."),
            _l("If it was not you, stop it with the link in the letter, until %(until)s; also after it was confirmed."),
        ),
        _l("Stop the change"),
        icon="mail",
        secret=True,
        label=_l("Changes of the address that I sign in with"),
        needed=_l("It protects your account: you can stop a change that was not yours."),
        keeps=("moment", "until"),
    )
)
ADDRESS_CHANGED = add(
    Kind(
        "address_changed",
        _l("The address that you sign in with was changed"),
        (
            _l("You sign in with another address from now on: %(moment)s. All other devices are signed out."),
            _l(
                "If it was not you, use the link in the letter from before to put it back, and tell your administrator."
            ),
        ),
        _l("Look at my account"),
        icon="mail",
        label=_l("A new address that I sign in with"),
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
OF_ACCOUNT = frozenset({PASSWORD_RESET, PASSWORD_CHANGED, ADDRESS_ASKED, ADDRESS_CHANGED})
# Letters to an address that is nobody's here yet; they are not kept for long.
TO_MAILBOX = (CONFIRM_ADDRESS, ADDRESS_KNOWN)
belong_to(ADMINISTRATORS, ANONYMISING)
