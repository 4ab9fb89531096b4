"""The stages of a cycle of goals and who owes the next step (CM9)."""

from datetime import timedelta

MOST_GOALS = 12
LONGEST_CYCLE = timedelta(days=550)
REMIND_BEFORE = (7, 2)
STAGES = ("goals", "agree", "work", "talk", "sign", "objected", "done")
OWED_BY_PERSON, OWED_BY_MANAGER = ("goals", "sign"), ("agree", "talk", "objected")
SET_WHILE_OPEN, SIGNED_AFTER_ALL = ("goals", "agree"), ("talk", "objected")
