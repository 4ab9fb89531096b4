"""The categories of questions in files: paths of names, as Moodle writes them.

Names are parted by "/"; one inside a name is doubled (assemble_category_path and split_category_path in Moodle's
question/format.php). Before them may stand a word for the course or the site, and "top" for the root of the tree.
"""

import re
from collections.abc import Sequence

from academy.assessment.exchange.shape import label_of
from academy.assessment.exchange.texts import bilingual_line, localized
from academy.base.i18n import current_language
from academy.base.text import LocalizedText, clean_line

Path = tuple[LocalizedText, ...]
_ROOT = "$course$/top"
_LONGEST = 255
_BETWEEN = re.compile(r"(?<!/)/(?!/)")
_SCOPE = re.compile(r"\$(?:system|coursecat|cat\d*|course|module)\$")


def joined(names: Sequence[str]) -> str:
    """Return names as one path. Spaces keep slashes at the ends of a name from being read with those between names."""
    return "/".join(_safe(name.replace("/", "//")) for name in names)


def _safe(name: str) -> str:
    return f"{' ' if name.startswith('/') else ''}{name}{' ' if name.endswith('/') else ''}"


def parted(path: str) -> list[str]:
    """Return the names in a path; empty ones are left out."""
    names = (clean_line(part.replace("//", "/"))[:_LONGEST] for part in _BETWEEN.split(path))
    return [name for name in names if name]


def moodle_path(names: Sequence[str]) -> str:
    """Return names as Moodle says them before the questions of a category."""
    return f"{_ROOT}/{joined(names)}" if names else _ROOT


def bilingual_names(path: Path) -> list[str]:
    """Return names as Moodle's multi-language filter shows them, plain ones where there is one language."""
    return [bilingual_line(name) if name.complete else name.ar or name.en for name in path]


def from_moodle(path: str) -> Path:
    """Read what Moodle says before the questions of a category; names in both languages keep both."""
    names = parted(path)
    if names and _SCOPE.fullmatch(names[0]):
        names = names[1:]
    if names and names[0] == "top":
        names = names[1:]
    return tuple(_name(name) for name in names)


def _name(name: str) -> LocalizedText:
    return LocalizedText.of(localized(name, "ar", [], strict=False) if 'class="multilang"' in name else name)


def of_columns(arabic: str, english: str) -> Path:
    """Return the path that two cells name, one for each language; where only one says it, or they differ in depth, that one."""
    names, others = parted(arabic), parted(english)
    if len(names) == len(others):
        pairs = zip(names, others, strict=True)
        return tuple(
            LocalizedText.of(first) if first == second else LocalizedText(ar=first, en=second)
            for first, second in pairs
        )
    return tuple(LocalizedText.of(name) for name in names or others)


def label_of_path(path: Path) -> str:
    """Return a path as remarks name it, in the language of the page."""
    return label_of(" / ".join(shown(path, current_language())))


def shown(path: Path, language: str) -> list[str]:
    """Return the names of a path in a language, in the other one where there is none."""
    return [name.show(language) for name in path]
