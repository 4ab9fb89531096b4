"""How certificates of a template look: what can be chosen, the placeholders in its texts, and what is refused."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from academy.base.colours import LEAST_CONTRAST, contrast, parse_colour
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText, clean_line

SHAPES = ("landscape", "portrait")
PATTERNS = ("wave", "frame", "dots", "plain")
SHOWN = ("hours", "until", "number")
TEXTS = ("heading", "lead", "middle", "closing")
PLACES = ("logo", "seal", "background", "signature_1", "signature_2")
SIGNERS = 2
LONGEST = {"heading": 60, "lead": 120, "middle": 120, "closing": 300}
LONGEST_NAME = 80
MUTED = "#55625b"  # the palest text of a sheet

HEADING = LocalizedText("شهادة إتمام", "Certificate of Completion")
LEAD = LocalizedText("تُمنح هذه الشهادة إلى", "This certificate is awarded to")
MIDDLE = LocalizedText("لاستيفاء متطلبات", "for fulfilling the requirements of")
NOTHING = LocalizedText()

# What stands in braces in a text, in either language, and which fact takes its place.
PLACEHOLDERS: dict[str, tuple[str, str]] = {
    "holder": ("الاسم", "holder"),
    "title": ("المقرر", "course"),
    "organisation": ("الجهة", "organisation"),
    "date": ("التاريخ", "date"),
}
_FACT_OF = {word: fact for fact, words in PLACEHOLDERS.items() for word in words}
_BRACES = re.compile(r"\{([^{}]*)\}")


class UnknownPlaceholder(Invalid):
    """A text has braces with something in them that is no placeholder, or a brace alone."""

    sentence = _l("%(word)s is not a placeholder. Use those that stand above the texts.")


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, and as what."""

    name: LocalizedText = field(default_factory=LocalizedText)
    role: LocalizedText = field(default_factory=LocalizedText)

    def __bool__(self) -> bool:
        return bool(self.name or self.role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All that a version of a template says beside its pictures. Without signers the academy's own signatory stands."""

    shape: str = "landscape"
    paper: str = "#fdfcf9"
    accent: str = "#114530"
    pattern: str = "wave"
    shows: frozenset[str] = frozenset(SHOWN)
    heading: LocalizedText = HEADING
    lead: LocalizedText = LEAD
    middle: LocalizedText = MIDDLE
    closing: LocalizedText = NOTHING
    signers: tuple[Signer, ...] = (Signer(), Signer())

    def as_json(self) -> dict[str, Any]:
        """Return the look as a JSON object."""
        return {
            "shape": self.shape, "paper": self.paper, "accent": self.accent, "pattern": self.pattern,
            "shows": sorted(self.shows), **{name: getattr(self, name).as_dict() for name in TEXTS},
            "signers": [{"name": each.name.as_dict(), "role": each.role.as_dict()} for each in self.signers],
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Look":
        """Return the look that `as_json` stored."""
        signers = [Signer(LocalizedText.of(each["name"]), LocalizedText.of(each["role"])) for each in stored["signers"]]
        return cls(
            shape=stored["shape"], paper=stored["paper"], accent=stored["accent"], pattern=stored["pattern"],
            shows=frozenset(stored["shows"]), signers=tuple(signers),
            **{name: LocalizedText.of(stored[name]) for name in TEXTS},
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a template as it is drawn."""

    media_type: str
    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Design:
    """A look with its pictures by place: with the facts of a certificate all that its paper depends on."""

    look: Look
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    def digest(self) -> str:
        """Return what tells this design from every other."""
        shown = json.dumps(self.look.as_json(), sort_keys=True, ensure_ascii=False)
        whole = hashlib.sha256(shown.encode())
        for place in PLACES:
            picture = self.pictures.get(place)
            whole.update(hashlib.sha256(picture.data if picture else b"").digest())
        return whole.hexdigest()


def pieces(text: str) -> list[tuple[str, str]]:
    """Return a text cut at its placeholders: (words, "") and ("", fact). Raises UnknownPlaceholder."""
    found, at = [], 0
    for braces in _BRACES.finditer(text):
        fact = _FACT_OF.get(clean_line(braces[1]).lower())
        if fact is None:
            raise UnknownPlaceholder(word=braces[0])
        found += [(text[at : braces.start()], ""), ("", fact)]
        at = braces.end()
    found.append((text[at:], ""))
    for words, _fact in found:
        if brace := re.search(r"[{}]", words):
            raise UnknownPlaceholder(word=brace[0])
    return [piece for piece in found if piece != ("", "")]


def checked(look: Look) -> Look:
    """Return the look with tidy colours; refuse what could not be drawn or read, naming the field to blame."""
    _check_choices(look)
    for name in TEXTS:
        _check_text(getattr(look, name), LONGEST[name], name)
    if not look.heading:
        raise Invalid(_l("Enter the heading in at least one language."), field="heading")
    for number, signer in enumerate(look.signers, 1):
        for part in (signer.name, signer.role):
            if max(len(part.ar), len(part.en)) > LONGEST_NAME:
                raise Invalid(_l("This text is too long."), field=f"signer_{number}_name")
    return look


def _check_choices(look: Look) -> None:
    if look.shape not in SHAPES or look.pattern not in PATTERNS or not look.shows <= set(SHOWN):
        raise Invalid(_l("Choose one of the options."), field="shape")
    if len(look.signers) != SIGNERS:
        raise Invalid(_l("Choose one of the options."), field="signer_1_name")
    for name in ("paper", "accent"):
        if parse_colour(getattr(look, name)) != getattr(look, name):
            raise Invalid(_l("Enter a colour such as #1f7a4f."), field=name)
    if contrast(look.paper, MUTED) < LEAST_CONTRAST:
        raise Invalid(_l("The text could not be read on this colour. Choose a paler one."), field="paper")
    if contrast(look.accent, look.paper) < LEAST_CONTRAST:
        raise Invalid(_l("This colour could not be read on the paper. Choose a darker one."), field="accent")


def _check_text(text: LocalizedText, limit: int, name: str) -> None:
    for half, words in (("ar", text.ar), ("en", text.en)):
        if len(words) > limit:
            raise Invalid(_l("This text is too long."), field=f"{name}-{half}")
        try:
            pieces(words)
        except UnknownPlaceholder as refusal:
            raise UnknownPlaceholder(field=f"{name}-{half}", word=refusal.values["word"]) from refusal
