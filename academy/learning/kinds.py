"""The kinds of conditions of an audience, how a duty renews what has been earned, tabs of programmes. The slices above enter theirs here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement

from academy.base.access import Actor
from academy.base.i18n import LANGUAGES, in_language
from academy.base.text import LocalizedText
from academy.learning.rules.duties import Condition as Condition

Choices = list[tuple[str, LocalizedText]]
COURSE, PROGRAMME = "course", "programme"


def no_choices(organisation_id: int) -> Choices:
    """Nothing to choose from."""
    return []


@dataclass(frozen=True, slots=True)
class AudienceKind:
    """A kind of condition.

    `holds` gives the filter on Person; `choices` what can be chosen in an organisation; `names` the names of chosen values,
    `says` the sentence about a person for whom it holds, with %(names)s and %(number)s. `asks_values` and `asks_number` say
    what is typed; a condition in which nothing was typed is none. The values of one that is `of` courses or programmes are those that give certificates.
    """

    name: str
    label: Any
    says: Any
    holds: Callable[[Condition, date], ColumnElement[bool]]
    choices: Callable[[int], Choices] = no_choices
    names: Callable[[Iterable[str]], Iterable[LocalizedText]] | None = None
    asks_values: bool = True
    asks_number: bool = False
    of: str = ""
    number_label: Any = ""
    hint: Any = ""
    order: int = 50
    usual_number: int = 30


KINDS: dict[str, AudienceKind] = {}


def add_audience(kind: AudienceKind) -> AudienceKind:
    """Enter a kind of condition."""
    KINDS[kind.name] = kind
    return kind


def audience_kinds() -> list[AudienceKind]:
    """Return all kinds in the order in which they are asked."""
    return sorted(KINDS.values(), key=lambda kind: kind.order)


def in_words(condition: Condition) -> LocalizedText:
    """Say a condition in both languages, as for somebody who asks why they were assigned."""
    kind = KINDS[condition.kind]
    names = list(kind.names(condition.values)) if kind.names else []
    said = {}
    for language in LANGUAGES:
        with in_language(language):
            listed = ("، " if language == "ar" else ", ").join(name.show(language) for name in names)
            said[language] = str(kind.says) % {"names": listed, "number": condition.number}
    return LocalizedText(said["ar"], said["en"])


Renewer = Callable[[int, list[int], datetime], dict[int, int]]
RENEWERS: list[Renewer] = []
PROGRAMME_RENEWERS: list[Renewer] = []


def renews(begin: Renewer) -> Renewer:
    """Enter how certificates are renewed by a duty: of a course, by those of the people who may now; see `begin_renewals`."""
    RENEWERS.append(begin)
    return begin


def renews_programmes(begin: Renewer) -> Renewer:
    """Enter the same for the certificates of a programme; see `begin_programme_renewals`."""
    PROGRAMME_RENEWERS.append(begin)
    return begin


def begin_renewals(course_id: int, people: list[int], *, at: datetime) -> dict[int, int]:
    """Begin to renew the certificates of a course where that is due; return who does, and on which course."""
    begun: dict[int, int] = {}
    for begin in RENEWERS if people else ():
        begun |= begin(course_id, people, at)
    return begun


PROGRAMME_TABS: dict[str, Any] = {}


def add_programme_tab(label: Any, endpoint: str) -> None:
    """Enter a page about a programme into the tabs of those who keep it; its address has a `programme_key`."""
    PROGRAMME_TABS[endpoint] = label


def begin_programme_renewals(programme_id: int, people: list[int], *, at: datetime) -> dict[int, int]:
    """Begin to renew the certificates of a programme where that is due; return who does, and by which renewal."""
    begun: dict[int, int] = {}
    for begin in PROGRAMME_RENEWERS if people else ():
        begun |= begin(programme_id, people, at)
    return begun


@dataclass(frozen=True, slots=True)
class ProgrammePaper:
    """What a programme's page says of the reader's certificate of it: its days in words, and the way into its renewal.

    `url` is where the renewal begins (`posts`) or goes on; "" while there is nothing to do.
    """

    rows: tuple[tuple[str, str], ...]
    url: str = ""
    act: str = ""
    posts: bool = False


ReadPaper = Callable[[Actor, int], ProgrammePaper | None]
PROGRAMME_PAPERS: list[ReadPaper] = []


def add_programme_paper(read: ReadPaper) -> ReadPaper:
    """Enter what is asked, by reader and programme, for the certificate that the page of a programme tells of."""
    PROGRAMME_PAPERS.append(read)
    return read


def programme_paper(reader: Actor, programme_id: int) -> ProgrammePaper | None:
    """Return what the page of a programme tells its reader of their certificate of it; None without one that ends."""
    found = (read(reader, programme_id) for read in PROGRAMME_PAPERS)
    return next((each for each in found if each is not None), None)


@dataclass(frozen=True, slots=True)
class CourseLink:
    """A page about a course, or about an activity, that its learners find there; `note` says what is new, or how much there is."""

    label: str
    url: str
    icon: str
    note: str = ""


AskLink = Callable[[], ColumnElement[Any]]
ReadLink = Callable[..., CourseLink | None]
COURSE_LINKS: list[tuple[tuple[AskLink, ...], ReadLink]] = []


def add_course_link(*asked: AskLink) -> Callable[[ReadLink], ReadLink]:
    """Enter a link on the page of a course: `read(course, learner, *answers)` makes it, or none.

    What it `asked` are columns of one statement that all links share, over the parameters `course`, `reader` and `organisation`.
    """

    def enter(read: ReadLink) -> ReadLink:
        COURSE_LINKS.append((asked, read))
        return read

    return enter


@dataclass(frozen=True, slots=True)
class ActivityPlace:
    """Where in a course a learner is: in front of one activity."""

    course_id: int
    course_key: str
    activity_key: str


ReadActivityLink = Callable[[ActivityPlace, Actor], CourseLink | None]
ACTIVITY_LINKS: list[ReadActivityLink] = []


def add_activity_link(read: ReadActivityLink) -> ReadActivityLink:
    """Enter what is asked, of an activity and its learner, for a link below the activity in the player."""
    ACTIVITY_LINKS.append(read)
    return read


def activity_links(place: ActivityPlace, learner: Actor) -> list[CourseLink]:
    """Return where else a learner finds something about the activity in front of them."""
    found = (read(place, learner) for read in ACTIVITY_LINKS)
    return [each for each in found if each is not None]
