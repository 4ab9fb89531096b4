"""Greeting, the next step and recommendations, as pure rules."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from academy.home import rules


@dataclass
class ATaken:
    standing: str
    due_on: date | None = None
    assigned: bool = False


@dataclass
class AnOffer:
    id: int
    level: int = 1
    competencies: list = field(default_factory=list)
    prerequisites: list = field(default_factory=list)


def aims(*keys):
    return [{"key": key, "level": 2} for key in keys]


@pytest.mark.parametrize(
    ("hour", "part"), [(3, "evening"), (4, "morning"), (11, "morning"), (12, "afternoon"), (17, "evening")]
)
def test_the_greeting_follows_the_hour(hour, part):
    assert rules.part_of_day(hour) == part


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("نورة عبدالعزيز العتيبي", "نورة"),
        ("نورة نادر العتيبي", "نورة"),
        ("عبد الله سعد", "عبد الله"),
        ("د. سارة الغامدي", "سارة"),
        ("أبو بكر الشهري", "أبو بكر"),
        ("Dr Sarah Alghamdi", "Sarah"),
        ("سلمان", "سلمان"),
        ("د.", "د."),
        ("", ""),
    ],
)
def test_people_are_called_by_their_given_name(name, called):
    assert rules.given_name(name) == called


def test_what_is_overdue_comes_before_what_was_opened_last():
    late, soon, going, fresh = (ATaken(s) for s in ("overdue", "due_soon", "in_progress", "not_started"))
    assert rules.next_course([fresh, going, soon, late]) is late
    assert rules.next_course([fresh, going, soon]) is soon
    assert rules.next_course([fresh, going]) is going


def test_a_completed_course_is_no_next_step():
    assert rules.next_course([ATaken("completed")]) is None


def test_what_is_assigned_or_has_a_day_is_required():
    assert rules.is_required(ATaken("in_progress", assigned=True))
    assert rules.is_required(ATaken("in_progress", due_on=date(2026, 12, 1)))
    assert not rules.is_required(ATaken("in_progress"))


def test_the_course_that_narrows_the_widest_gap_is_recommended_first():
    easy, wide = AnOffer(1, 1, aims("A")), AnOffer(2, 3, aims("B", "C"))
    found = rules.recommend([easy, wide], gaps={"A": 1, "B": 2, "C": 1}, taken=set(), completed=set(), most=2)
    assert [(each.course.id, each.competency) for each in found] == [(2, "B"), (1, "A")]


def test_without_known_gaps_the_easiest_comes_first_and_gives_no_reason():
    found = rules.recommend([AnOffer(1, 3), AnOffer(2, 1)], gaps={}, taken=set(), completed=set(), most=2)
    assert [(each.course.id, each.competency) for each in found] == [(2, None), (1, None)]


def test_what_is_taken_or_not_open_yet_is_not_recommended():
    offered = [AnOffer(1), AnOffer(2, prerequisites=[1]), AnOffer(3, prerequisites=[9])]
    found = rules.recommend(offered, gaps={}, taken={1}, completed={1}, most=5)
    assert [each.course.id for each in found] == [2]
