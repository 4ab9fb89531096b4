"""How the bank calls its states, moves, languages and acts."""

from academy.accounts.kinds import name_act
from academy.assessment.services.bulk import BULK
from academy.assessment.services.categories import MADE, MOVED, REMOVED, RENAMED
from academy.assessment.services.lending import GIVEN
from academy.base.i18n import _l

STATES = {
    "draft": (_l("Draft"), "sand", "pencil"),
    "in_review": (_l("In review"), "info", "eye"),
    "ready": (_l("Ready"), "ok", "check"),
    "retired": (_l("Retired"), "", "archive"),
}
MOVES = {
    "send": (_l("Send to review"), "send"),
    "withdraw": (_l("Take back from review"), "undo-2"),
    "approve": (_l("Approve"), "check"),
    "return": (_l("Return with a comment"), "rotate-ccw"),
    "retire": (_l("Retire"), "archive"),
    "revive": (_l("Bring back"), "rotate-ccw"),
}
MOVED_SENTENCES = {
    "send": _l("The question is in review now."),
    "withdraw": _l("The question is a draft again."),
    "approve": _l("The question is ready. Quizzes can take it."),
    "return": _l("The question has been returned with your comment."),
    "retire": _l("The question is retired. Quizzes that ask it go on asking it."),
    "revive": _l("The question is back in the state it had."),
}
DIFFICULTIES = {1: _l("Easy"), 2: _l("Medium"), 3: _l("Hard")}
LANGUAGES = [("both", _l("Both complete")), ("ar", _l("Arabic incomplete")), ("en", _l("English incomplete"))]
PLACES = [("bank", _l("In the bank")), ("course", _l("In a course"))]

name_act("assessment:question:send", _l("Question sent to review"))
name_act("assessment:question:withdraw", _l("Question taken back from review"))
name_act("assessment:question:approve", _l("Question approved"))
name_act("assessment:question:return", _l("Question returned by its reviewer"))
name_act("assessment:question:retire", _l("Question retired"))
name_act("assessment:question:revive", _l("Question brought back"))
name_act(BULK, _l("Several questions of the bank changed"))
name_act(GIVEN, _l("Question given to the bank"))
name_act(MADE, _l("Question category added"))
name_act(RENAMED, _l("Question category renamed"))
name_act(MOVED, _l("Question category moved"))
name_act(REMOVED, _l("Question category removed"))
