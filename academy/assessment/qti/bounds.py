"""How much an item may ask for, and how it is told that it asks for more or for what nobody here understands."""

MOST_STEPS = 5_000
MOST_STEPS_OF_A_DRAW = 20_000
MOST_MEMBERS = 500
LONGEST_TEXT = 10_000
MOST_DRAWS = 100
MOST_STATES = 600
LARGEST_SOURCE = 200_000


class NotUnderstood(Exception):
    """The item's rules cannot be run here.

    `code` is "custom_scoring" (an unknown or misused element, `name` says which), "test_level" (it asks for the results
    of a whole test) or "too_long" (more steps or larger values than any honest item needs).
    """

    def __init__(self, code: str = "custom_scoring", name: str = "") -> None:
        super().__init__(code, name)
        self.code, self.name = code, name


class Steps:
    """Counts the work of one run; NotUnderstood("too_long") beyond its limit."""

    def __init__(self, most: int = MOST_STEPS) -> None:
        self.left = most

    def take(self, count: int = 1) -> None:
        """Note work done."""
        self.left -= count
        if self.left < 0:
            raise NotUnderstood("too_long")
