"""The audience that learning brings to announcements: the learners of a course or programme."""

from academy.learning.queries import announcing
from academy.notices import kinds
from academy.notices.kinds_of_audiences import Audience, add_audience

add_audience(Audience(announcing.LEARNERS, kinds.LEARNERS_TOLD, announcing.belongs, announcing.abouts))
