"""What a trainer decides about Safe Exam Browser."""

from collections.abc import Mapping
from typing import Any

from wtforms import Form, RadioField, ValidationError

from academy.assessment.rules.safe_browser import (
    KEYS,
    MADE,
    MOST_ALLOWED,
    MOST_KEYS,
    NONE,
    NoAddress,
    NoKey,
    read_allowed,
    read_keys,
)
from academy.base.i18n import _, _l
from academy.web.forms import BlockField, LineField

BROWSER_NAMES = {
    NONE: _l("Any browser"),
    MADE: _l("Only Safe Exam Browser, with settings that the academy makes"),
    KEYS: _l("Only Safe Exam Browser, with keys that I enter"),
}


class SafeBrowserFields(Form):
    """The fields of the form of a quiz that concern the browser."""

    secure_browser = RadioField(
        _l("Browser"), choices=list(BROWSER_NAMES.items()), default=NONE,
        description=_l(
            "Each request is then checked for the browser's key. Whoever knows the key can forge it, so this replaces no invigilator. People for whom that browser is impossible can be excused with an accommodation."
        ),
    )  # fmt: skip
    quit_password = LineField(
        _l("Password to quit Safe Exam Browser"), limit=60,
        description=_l("With the academy's settings only: for whoever invigilates. Empty means that it can be quit at any time."),
        render_kw={"dir": "auto", "autocomplete": "off"},
    )  # fmt: skip
    allowed = BlockField(
        _l("Other addresses it may open"), limit=3000,
        description=_l(
            "With the academy's settings only: one a line, such as login.example.gov.sa/*. The pages of the quiz and of signing in are open anyway, all others are closed."
        ),
        render_kw={"rows": 3, "dir": "ltr"},
    )  # fmt: skip
    exam_keys = BlockField(
        _l("Keys of Safe Exam Browser"), limit=3000,
        description=_l(
            "With keys of your own only: Browser Exam Keys or Config Keys as its configuration tool shows them, 64 characters, one a line. A Browser Exam Key changes with each version of the browser."
        ),
        render_kw={"rows": 3, "dir": "ltr", "spellcheck": "false"},
    )  # fmt: skip

    def validate_exam_keys(self, field: BlockField) -> None:
        """Read the keys; who asks for keys must enter one."""
        try:
            keys = read_keys(field.data or "")
        except NoKey as bad:
            raise ValidationError(
                _("This is no key: %(line)s. A key has 64 characters, 0 to 9 and a to f.", line=str(bad))
            ) from bad
        if len(keys) > MOST_KEYS:
            raise ValidationError(_("Enter at most %(most)s keys.", most=MOST_KEYS))
        if self.secure_browser.data == KEYS and not keys:
            raise ValidationError(_("Enter at least one key."))

    def validate_allowed(self, field: BlockField) -> None:
        """Read the addresses."""
        try:
            allowed = read_allowed(field.data or "")
        except NoAddress as bad:
            raise ValidationError(
                _("This is no address: %(line)s. Write one such as login.example.gov.sa/*.", line=str(bad))
            ) from bad
        if len(allowed) > MOST_ALLOWED:
            raise ValidationError(_("Name at most %(most)s addresses.", most=MOST_ALLOWED))

    def secure(self) -> dict[str, Any]:
        """Return what was chosen for the browser; what does not belong to the choice is left out."""
        if self.secure_browser.data == MADE:
            return {"allowed": read_allowed(self.allowed.data or ""), "quit_password": self.quit_password.data or ""}
        return {"keys": read_keys(self.exam_keys.data or "")} if self.secure_browser.data == KEYS else {}


def filled(mode: str, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the fields show of a quiz."""
    return {
        "secure_browser": mode,
        "quit_password": chosen.get("quit_password", ""),
        "allowed": "\n".join(chosen.get("allowed", ())),
        "exam_keys": "\n".join(chosen.get("keys", ())),
    }


def show_secure(chosen: Mapping[str, Any]) -> str:
    """Return in a line what was chosen for the browser, for the list of what two versions differ in."""
    parts = [*chosen.get("keys", ()), *chosen.get("allowed", ()), chosen.get("quit_password", "")]
    return ", ".join(part for part in parts if part)
