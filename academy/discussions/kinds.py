"""The notices of discussions, and how reasons are called."""

from academy.base.i18n import LANGUAGES, _l, in_language
from academy.base.text import LocalizedText
from academy.discussions import rules
from academy.discussions.rules import CLOSED, DISCUSSION, OFF, OPEN, QUESTION
from academy.notices import kinds

THREAD_KINDS = {QUESTION: _l("A question"), DISCUSSION: _l("A discussion")}
REASON_NAMES = {
    "insult": _l("It insults or attacks somebody"),
    "private": _l("It shows private data of a customer or colleague"),
    "false": _l("It is wrong and could do harm at work"),
    "spam": _l("It has nothing to do with the course"),
    "other": _l("Something else"),
}
STATE_NAMES = {
    OPEN: _l("Open: its people read and write"),
    CLOSED: _l("Closed: its people read, nobody writes"),
    OFF: _l("Off: only moderators see what was written"),
}

NEW_QUESTION = kinds.add(
    kinds.Kind(
        "discussion_question",
        _l("%(course)s: a new question"),
        (_l("%(by)s asks: %(thread)s"), _l("%(opening)s")),
        _l("Open the question"),
        icon="message-square",
        label=_l("New questions in courses I teach"),
    )
)
NEW_THREAD = kinds.add(
    kinds.Kind(
        "discussion_thread",
        _l("%(course)s: a new thread"),
        (_l("%(by)s has begun: %(thread)s"), _l("%(opening)s")),
        _l("Open the thread"),
        icon="message-square",
        label=_l("New threads in discussions that I am subscribed to"),
    )
)
NEW_REPLY = kinds.add(
    kinds.Kind(
        "discussion_reply",
        _l("A new reply: %(thread)s"),
        (_l("%(by)s has replied in the discussions of %(course)s."), _l("%(opening)s")),
        _l("Read the reply"),
        icon="message-square",
        label=_l("Replies in threads that I am subscribed to"),
    )
)
ANSWER_MARKED = kinds.add(
    kinds.Kind(
        "discussion_answer",
        _l("Marked as the answer: %(thread)s"),
        (_l("In the discussions of %(course)s, a reply by %(by)s was marked as the answer."),),
        _l("Read the answer"),
        icon="check-check",
        label=_l("Answers to questions of mine, and replies of mine that are marked"),
    )
)
POST_HIDDEN = kinds.add(
    kinds.Kind(
        "discussion_hidden",
        _l("Your post was hidden: %(thread)s"),
        (
            _l("A moderator has hidden your post in the discussions of %(course)s."),
            _l("The reason: %(reason)s"),
        ),
        _l("Look at the post"),
        icon="eye-off",
        label=_l("Posts of mine that a moderator hides"),
        keeps=("reason",),
    )
)
POST_SHOWN = kinds.add(
    kinds.Kind(
        "discussion_shown",
        _l("Your post is shown again: %(thread)s"),
        (
            _l("A moderator shows your post in the discussions of %(course)s again."),
            _l("The reason: %(reason)s"),
        ),
        _l("Look at the post"),
        icon="eye",
        label=_l("Posts of mine that are shown again"),
    )
)
REPORT_DECIDED = kinds.add(
    kinds.Kind(
        "discussion_report_decided",
        _l("The post you reported was looked at: %(course)s"),
        (_l("A moderator has decided about the post that you reported. The outcome: %(outcome)s."),),
        _l("Look at the post"),
        icon="flag",
        label=_l("What became of posts that I reported"),
    )
)
OUTCOMES = {
    rules.HIDDEN: _l("The post is hidden"),
    rules.KEPT: _l("The post stays"),
    rules.REMOVED: _l("Its author has removed the post"),
}


def became_in_words(outcome: str) -> LocalizedText:
    """Return what became of a reported post in both languages."""
    said = {}
    for language in LANGUAGES:
        with in_language(language):
            said[language] = str(OUTCOMES[outcome])
    return LocalizedText(said["ar"], said["en"])


WRITING_STOPPED = kinds.add(
    kinds.Kind(
        "discussion_stopped",
        _l("You cannot write for now: %(course)s"),
        (
            _l(
                "A moderator has stopped you from writing in the discussions of %(course)s until %(until)s, that day included."
            ),
            _l("The reason: %(reason)s"),
            _l("You can still read them, and go on learning."),
        ),
        _l("Open the discussions"),
        icon="ban",
        label=_l("That I may not write in discussions for a time"),
        keeps=("until", "reason"),
    )
)
kinds.add_value("thread", _l("Title of the thread"), "كيف أحسب صافي نقاط التوصية؟")
kinds.add_value("outcome", _l("What became of a reported post"), LocalizedText("أُخفيت المشاركة", "The post is hidden"))
kinds.belong_to(
    kinds.TALKING, NEW_THREAD, NEW_REPLY, ANSWER_MARKED, POST_HIDDEN, POST_SHOWN, REPORT_DECIDED, WRITING_STOPPED
)
kinds.belong_to(kinds.TEACHERS, NEW_QUESTION)
