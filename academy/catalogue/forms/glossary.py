"""The form of a term."""

from wtforms import HiddenField

from academy.base.i18n import _l
from academy.catalogue.models import GlossaryTerm
from academy.catalogue.rules.glossary import words_of
from academy.catalogue.services import TermDetails
from academy.web.forms import AcademyForm, LineField, LocalizedBlockField, LocalizedLineField

APART = _l("Separate several with commas.")


class TermForm(AcademyForm):
    """One idea: its term in both languages and everything around it."""

    revision = HiddenField()
    term = LocalizedLineField(_l("Term"), required=_l("Write the term in both languages."))
    plural = LocalizedLineField(_l("Plural"))
    abbreviation = LineField(_l("Abbreviation"), limit=20, render_kw={"dir": "ltr"})
    definition = LocalizedBlockField(_l("What it means"))
    domain = LocalizedLineField(_l("Subject"), description=_l("For example: measurement, service design."))
    synonyms = LineField(_l("Also called"), limit=1000, description=APART)
    avoid = LineField(_l("Words to avoid"), limit=1000, description=APART)
    note = LocalizedLineField(_l("Note for editors"), description=_l("Readers do not see it."))

    def details(self) -> TermDetails:
        """Return what was typed."""
        return TermDetails(
            term=self.term.text,
            plural=self.plural.text,
            abbreviation=self.abbreviation.data or "",
            definition=self.definition.text,
            domain=self.domain.text,
            synonyms=words_of(self.synonyms.data or ""),
            avoid=words_of(self.avoid.data or ""),
            note=self.note.text,
        )


def term_form(term: GlossaryTerm | None = None) -> TermForm:
    """Return the form, over a term if one is given."""
    if term is None:
        return TermForm()
    names = ("revision", "term", "plural", "abbreviation", "definition", "domain", "note")
    kept = {name: getattr(term, name) for name in names}
    return TermForm(data={**kept, "synonyms": "، ".join(term.synonyms), "avoid": "، ".join(term.avoid)})
