"""How pages name the parts of a framework and what happens to them."""

from academy.base.i18n import _, _l
from academy.competencies.frameworks.comparing import CHANGED, LOST, SAME, TAKEN, Change

FATES = {
    TAKEN: (_l("Taken"), "ok", "plus"),
    CHANGED: (_l("Changed"), "info", "pencil"),
    LOST: (_l("Lost (retired)"), "warn", "archive"),
    SAME: (_l("Unchanged"), "", "check"),
}
FIELDS = {
    "label": _l("number of the version"),
    "title": _l("title"),
    "rule": _l("what proves a level"),
    "name": _l("name"),
    "purpose": _l("purpose"),
    "definition": _l("definition"),
    "domain": _l("domain"),
}


def said(change: Change) -> str:
    """Say what sort of part differs, and how."""
    sentences = {
        ("details", "changed"): _("The framework's own texts have changed"),
        ("scale", "changed"): _("The levels have changed"),
        ("domain", "added"): _("Domain added"),
        ("domain", "changed"): _("Domain changed"),
        ("domain", "moved"): _("Domain moved"),
        ("domain", "removed"): _("Domain removed"),
        ("competency", "added"): _("Competency added"),
        ("competency", "changed"): _("Competency changed"),
        ("competency", "moved"): _("Competency moved"),
        ("competency", "retired"): _("Competency retired"),
        ("competency", "back"): _("Competency brought back"),
        ("competency", "removed"): _("Competency removed"),
    }
    return sentences.get((change.sort, change.how), _("Unchanged"))


def fields(change: Change) -> str:
    """Say which fields of a part differ."""
    named = [
        _("level %(number)s", number=name.removeprefix("level ")) if name.startswith("level ") else str(FIELDS[name])
        for name in change.fields
    ]
    return _(", ").join(named)


def note(found: str) -> str:
    """Say what of a file has no place here, from the note that the reader of the file left."""
    sort, _space, name = found.partition(" ")
    sentences = {
        "cp1256": _("The file was read as Windows-1256 (old Arabic Windows): look at a few names before you go on."),
        "column": _("The column %(name)s is unknown and left out.", name=name),
        "association": _("Links of the kind %(name)s are left out.", name=name),
        "group": _("The group “%(name)s” is dissolved; its competencies stand in the domain above.", name=name),
        "level": _("Indicators of level %(name)s are left out: the scale does not have it.", name=name),
    }
    return sentences.get(sort, _("The field %(name)s is left out.", name=found))
