"""What a reviewer reads of a question: everything that it asks and everything that counts, of every type."""

import re

import pytest

from academy.assessment import services
from academy.base.i18n import in_language
from tests.assessment.test_editing import quiz_activity
from tests.factories import accounts as people
from tests.factories import assessment, catalogue

TOLD = {
    "single": ("Choice a", "Choice b", "Feedback a"),
    "multiple": ("Choice d", "Each right choice earns its part"),
    "numeric": ("12.5", "0.5 · as it is", "minutes · may be written or left out"),
    "ordering": ("Choice i1", "Choice i2", "Choice i3"),
    "matching": ("Choice l1: Choice r2",),
    "short_text": ("رحلة المستفيد", "رحلة العميل", "customer journey", "Answers worth half of the points", "journey map"),
    "categories": ("Choice i1: Choice c2", "Choice c1"),
    "gap_fill": ("After each [[2]], measure [[1]] by [[3]].", "satisfaction", "Wrong choices: Choice o1, Choice o3", "Choice w3"),
    "matrix": ("Choice s1", "Choice s2", "Choice k1", "Choice k3", "not scored"),
    "ranking": ("Choice i1", "Choice i2", "Choice i3", "not scored"),
    "essay": ("Most words", "300", "A sample answer", "Rubric"),
    "file": ("PDF", "None: markers give points"),
    "calculated": ("a - a + b / b * 12.5", "a: from −5 to 20 in steps of 0.5", "Three examples"),
}  # fmt: skip
FURTHER = {
    "short_text": {
        "accept": {"ar": ["رحلة المستفيد", "رحلة العميل"], "en": ["customer journey"]},
        "partly": {"ar": [], "en": ["journey map"]},
    }
}


@pytest.mark.parametrize("type", sorted(TOLD))
def test_a_reviewer_reads_all_that_a_question_asks_and_counts(app, visit, type):
    trainer = people.trainer()
    trainer.language = "en"
    activity = quiz_activity(catalogue.course(trainer=trainer, published=False))
    content = assessment.content(type, **FURTHER.get(type, {}))
    services.add_written(activity.id, services.Written(type, content, points=3), at=people.LONG_AGO, by_id=None)
    page = visit(trainer).get(f"/teach/{activity.version.course.key}/preview/{activity.key}")
    words = re.sub("[\u2066-\u2069]", "", " ".join(page.select_one(".read-questions").get_text(" ").split()))
    assert [each for each in TOLD[type] if each not in words] == [], words
    assert ("3 points" in words) is (type not in ("matrix", "ranking"))
    assert "This is how learners will see the draft" not in page.words


def test_the_points_of_a_review_are_worded_as_on_every_other_page(visit):
    trainer = people.trainer()
    activity = quiz_activity(catalogue.course(trainer=trainer, published=False), questions=1)
    with in_language("ar"):
        page = visit(trainer).get(f"/teach/{activity.version.course.key}/preview/{activity.key}")
    assert "درجة واحدة" in page.select_one(".read-questions").get_text()
