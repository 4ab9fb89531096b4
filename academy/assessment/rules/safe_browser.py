"""Safe Exam Browser: the settings the academy makes for a quiz, their Config Key, and whether a request came from it.

Both keys are described by the makers of the browser: the Config Key at safeexambrowser.org/developer/seb-config-key.html,
the Browser Exam Key in SEB-Specification-BrowserExamKey.pdf beside it. Whoever knows a key can forge what the browser
sends: this keeps honest people honest, and replaces no invigilator.
"""

import hashlib
import hmac
import plistlib
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from academy.base.browser import Browser
from academy.base.numbers import to_ascii_digits

NONE, MADE, KEYS = "none", "settings", "keys"
MOST_KEYS, MOST_ALLOWED = 30, 30
_KEY = re.compile(r"[0-9a-f]{64}")
_ALLOWED = re.compile(r"(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/*%-]*)?")


class NoKey(ValueError):
    """A line that is no key; the argument is that line."""


class NoAddress(ValueError):
    """A line that is no address the browser may open; the argument is that line."""


@dataclass(frozen=True, slots=True)
class Exam:
    """What a quiz asks of the browser: `mode` and the rest as the trainer chose it, where it begins, where it is left."""

    mode: str
    chosen: Mapping[str, Any]
    base_url: str
    quiz_id: int

    @property
    def start_url(self) -> str:
        """Where the browser begins; whoever is not signed in is led to it from there."""
        return f"{self.base_url}/learn/quizzes/{self.quiz_id}"

    @property
    def quit_url(self) -> str:
        """The address at which the browser ends itself."""
        return f"{self.base_url}/safe-browser/quit"

    def keys(self) -> list[str]:
        """Return the keys of which a browser must show one."""
        return [config_key(self.settings())] if self.mode == MADE else list(self.chosen.get("keys", ()))

    def settings(self) -> dict[str, Any]:
        """Return the settings for the browser; the same for everybody, or the Config Key would differ."""
        typed = self.chosen.get("quit_password") or ""
        return {
            "allowPreferencesWindow": False,
            "allowQuit": True,
            "allowReconfiguration": False,
            "allowSpellCheck": False,
            "allowWlan": True,
            "browserWindowAllowReload": True,
            "browserWindowWebView": 3,
            "enablePrivateClipboard": True,
            "enablePrintScreen": False,
            "hashedQuitPassword": hashlib.sha256(typed.encode()).hexdigest() if typed else "",
            "newBrowserWindowByLinkPolicy": 1,
            "newBrowserWindowByScriptPolicy": 1,
            "originatorVersion": "CX_Academy_1",
            "quitURL": self.quit_url,
            "quitURLConfirm": True,
            "sebConfigPurpose": 0,
            "sendBrowserExamKey": True,
            "showReloadButton": True,
            "showTaskBar": True,
            "showTime": True,
            "startURL": self.start_url,
            "URLFilterEnable": True,
            "URLFilterEnableContentFilter": False,
            "URLFilterRules": [
                {"action": 1, "active": True, "expression": each, "regex": False} for each in self.allowed()
            ],
        }

    def allowed(self) -> list[str]:
        """Return the addresses that pages may be opened from: those of the quiz, those to sign in, those the trainer named."""
        parts = urlsplit(self.base_url)
        here, step = f"{parts.netloc}{parts.path}", self.chosen.get("step") or "*"
        own = (
            f"learn/quizzes/{self.quiz_id}", f"learn/*/{step}", f"learn/*/{step}/*", "attempts/*", "safe-browser/*",
            "sign-in", "sign-in/*", "sign-out", "language",
        )  # fmt: skip
        return [*(f"{here}/{each}" for each in own), *self.chosen.get("allowed", ())]

    def admits(self, browser: Browser) -> bool:
        """Whether a request came from a browser that shows a key of this quiz."""
        keys = self.keys()
        if browser.proven.intersection(marks_of(keys)):
            return True
        given = [each.lower() for each in (browser.config_hash, browser.exam_hash) if each]
        if self.mode == MADE:
            given = [browser.config_hash.lower()] if browser.config_hash else []
        wanted = [header_hash(browser.url, key) for key in keys]
        return any(hmac.compare_digest(one.encode(), two.encode()) for one in given for two in wanted)

    def proof(self, browser: Browser) -> str | None:
        """Return what a session keeps of the key that a browser has shown; None when it has shown none."""
        for key in self.keys():
            alone = Exam(KEYS, {"keys": [key]}, self.base_url, self.quiz_id)
            if alone.admits(Browser(browser.url, browser.config_hash, browser.exam_hash)):
                return marks_of([key])[0]
        return None


def marks_of(keys: Sequence[str]) -> list[str]:
    """Return what sessions keep in place of keys, from which no key can be told."""
    return [hashlib.sha256(f"proven:{key}".encode()).hexdigest()[:24] for key in keys]


def header_hash(url: str, key: str) -> str:
    """Return what the browser sends for a page: the SHA-256, in hex, of its absolute address followed by the key."""
    return hashlib.sha256(f"{url.split('#', 1)[0]}{key}".encode()).hexdigest()


def config_key(settings: Mapping[str, Any]) -> str:
    """Return the Config Key of settings: the SHA-256, in hex, of their SEB-JSON without `originatorVersion`."""
    counted = {name: value for name, value in settings.items() if name != "originatorVersion"}
    return hashlib.sha256(seb_json(counted).encode()).hexdigest()


def seb_json(value: Any) -> str:
    """Write settings as the Config Key asks for: names in order whatever their case, no spaces, nothing escaped.

    Empty dictionaries are left out, data is Base64, moments are ISO 8601.
    """
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda name: (name.lower(), name.swapcase()))
        kept = [name for name in names if not (isinstance(value[name], Mapping) and not value[name])]
        return "{" + ",".join(f'"{name}":{seb_json(value[name])}' for name in kept) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(seb_json(each) for each in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return f'"{b64encode(value).decode()}"'
    if isinstance(value, datetime):
        return f'"{value.replace(tzinfo=UTC).isoformat()}"'
    return f'"{value}"' if isinstance(value, str) else str(value)


def settings_file(settings: Mapping[str, Any]) -> bytes:
    """Return settings as a .seb file: a plain property list."""
    return plistlib.dumps(dict(settings), sort_keys=True)


def seb_url(url: str) -> str:
    """Return the address that opens in the browser what lies at `url`: seb:// for http, sebs:// for https."""
    return "seb" + url.removeprefix("http")


def read_keys(typed: str) -> list[str]:
    """Read keys, one a line, in lower case, each once. Raises NoKey for a line that is none."""
    lines = [line.strip().lower() for line in to_ascii_digits(typed).splitlines() if line.strip()]
    for line in lines:
        if not _KEY.fullmatch(line):
            raise NoKey(line)
    return list(dict.fromkeys(lines))


def read_allowed(typed: str) -> list[str]:
    """Read addresses that the browser may open besides the academy's, one a line, without scheme; each once."""
    found: dict[str, None] = {}
    for line in to_ascii_digits(typed).splitlines():
        bare = re.sub(r"^https?://", "", line.strip())
        if not bare:
            continue
        if not _ALLOWED.fullmatch(bare):
            raise NoAddress(line.strip())
        found[bare] = None
    return list(found)
