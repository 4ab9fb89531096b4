"""The audience that learning brings to announcements: the learners of a course or programme."""

from academy.learning.queries import announcing
from academy.notices import kinds

kinds.add_audience(kinds.Audience(announcing.LEARNERS, kinds.LEARNERS_TOLD, announcing.belongs, announcing.abouts))
