"""What the addresses of discussions mean, for the visitor who asks."""

from academy.discussions import queries
from academy.discussions import queries_of_moderation as moderation
from academy.discussions.places import Discussions, PostHere, ThreadHere
from academy.discussions.queries_of_moderation import StopHere
from academy.web.identity import actor


def the_discussions(key: str) -> Discussions | None:
    """Find the discussions of a course."""
    return queries.discussions(key, actor().person_id)


def the_thread(thread_id: int) -> ThreadHere | None:
    """Find a thread."""
    return queries.thread_here(thread_id, actor().person_id)


def the_post(post_id: int) -> PostHere | None:
    """Find a post in its thread."""
    return queries.post_here(post_id, actor().person_id)


def the_stop(stop_id: int) -> StopHere | None:
    """Find a stop of writing."""
    return moderation.stop_here(stop_id)
