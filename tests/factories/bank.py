"""Banks for tests: categories and questions, made through the services as trainers make them."""

from itertools import count

from sqlalchemy import select

from academy.accounts.models import Organisation, Person, RoleGrant
from academy.assessment import services
from academy.assessment.models import Question, QuestionCategory
from academy.assessment.rules.bank import tags_in
from academy.base.access import Actor, Grant
from academy.base.db import db
from tests.factories import accounts as people
from tests.factories import assessment
from tests.factories.accounts import LONG_AGO, both

_numbers = count(1)


def category(of: Organisation, parent: QuestionCategory | None = None, **given) -> QuestionCategory:
    """A category of an organisation's bank."""
    n = next(_numbers)
    name = given.pop("name", both(f"تصنيف {n}", f"Category {n}"))
    return services.create_category(of.id, name, parent=parent, at=LONG_AGO, by_id=None, **given)


def written(type: str = "single", stem=None, **given) -> services.Written:
    """What a trainer writes; `stem` is a pair of texts."""
    content = assessment.content(type, **({"stem": stem.as_dict()} if stem else {}), **given.pop("content", {}))
    return services.Written(type, content, **given)


def question(
    author: Person, *, state: str = "draft", category: QuestionCategory | None = None, tags: str = "", **given
) -> Question:
    """A question in the bank of its author's organisation, brought to a state by its author and a colleague."""
    row = services.add_to_bank(
        author.organisation_id, written(**given), category_id=category.id if category else None, tags=tags_in(tags),
        at=LONG_AGO, by_id=author.id,
    )  # fmt: skip
    steps = {"draft": (), "in_review": ("send",), "ready": ("send", "approve"), "retired": ("retire",)}[state]
    for step in steps:
        by = colleague(author) if step == "approve" else author
        services.move_state(row.id, step, at=LONG_AGO, by_id=by.id)
    return row


def colleague(of: Person) -> Person:
    """Another trainer of the same organisation, always the same one in a test."""
    found = db.session.scalars(
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(Person.organisation_id == of.organisation_id, Person.id != of.id, RoleGrant.role == "trainer")
        .order_by(Person.id)
    ).first()
    return found or people.trainer(home(of))


def actor(of: Person) -> Actor:
    """The person as policies see them."""
    rows = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == of.id))
    grants = tuple(Grant(row.role, row.organisation_id, row.org_unit_id) for row in rows)
    return Actor(of.id, of.name, of.email, of.organisation_id, None, "ar", "latn", "both", grants)


def home(of: Person) -> Organisation:
    """The organisation of a person."""
    return db.session.get_one(Organisation, of.organisation_id)
