"""The kinds of columns a dataset may have, and what may be asked of each."""

TEXT, NAME, NUMBER, SHARE, DAY, MOMENT, CHOICE, FLAG = (
    "text", "name", "number", "share", "day", "moment", "choice", "flag",
)  # fmt: skip
KINDS = (TEXT, NAME, NUMBER, SHARE, DAY, MOMENT, CHOICE, FLAG)
WORDS, FIGURES, TIMES = (TEXT, NAME), (NUMBER, SHARE), (DAY, MOMENT)

CONTAINS, IS, BEGINS = "contains", "is", "begins"
EQUALS, DIFFERS, BELOW, AT_MOST, ABOVE, AT_LEAST, BETWEEN = (
    "equals", "differs", "below", "at_most", "above", "at_least", "between",
)  # fmt: skip
ON, BEFORE, AFTER, LAST_DAYS, NEXT_DAYS = "on", "before", "after", "last_days", "next_days"
ONE_OF, NONE_OF = "one_of", "none_of"
YES, NO = "yes", "no"
EMPTY, FILLED = "empty", "filled"

_OF_WORDS = (CONTAINS, IS, BEGINS, EMPTY, FILLED)
_OF_FIGURES = (EQUALS, DIFFERS, BELOW, AT_MOST, ABOVE, AT_LEAST, BETWEEN, EMPTY, FILLED)
_OF_TIMES = (ON, BEFORE, AFTER, BETWEEN, LAST_DAYS, NEXT_DAYS, EMPTY, FILLED)
OPERATORS: dict[str, tuple[str, ...]] = {
    TEXT: _OF_WORDS,
    NAME: _OF_WORDS,
    NUMBER: _OF_FIGURES,
    SHARE: _OF_FIGURES,
    DAY: _OF_TIMES,
    MOMENT: _OF_TIMES,
    CHOICE: (ONE_OF, NONE_OF, EMPTY, FILLED),
    FLAG: (YES, NO),
}
# How many values an operator takes; those of choices take one or more.
TAKES = {EMPTY: 0, FILLED: 0, YES: 0, NO: 0, BETWEEN: 2}


def takes(operator: str) -> int:
    """Return how many values an operator needs."""
    return TAKES.get(operator, 1)
