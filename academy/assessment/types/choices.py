"""What single and multiple choice share: options, their order on the paper, the marks on them."""

from abc import abstractmethod
from collections.abc import Collection
from fractions import Fraction
from random import Random
from typing import Any

from academy.assessment.rules.papers import shuffled
from academy.assessment.types.base import Content, Paper, QuestionType, Response, explanation, separator
from academy.assessment.types.checking import check_entries, check_text, ids
from academy.assessment.types.feedback import Feedback, Part, State
from academy.assessment.types.parts import Choice, Control, Note, Problem
from academy.assessment.types.tokens import tokens
from academy.base.text import LocalizedText


def right_ids(content: Content) -> set[str]:
    """Return the ids of the right options."""
    return {option["id"] for option in content["options"] if option.get("correct")}


def text_of(entry: dict[str, Any]) -> LocalizedText:
    """Return the text of an option, item or side."""
    return LocalizedText.of(entry["text"])


def joined(texts: list[LocalizedText], language: str) -> str:
    """Return texts as one list in a language."""
    return separator(language).join(text.show(language) for text in texts)


def state_of(right: bool, chosen: bool) -> State:
    """Return the mark on a line that is right or not and was chosen or not."""
    if right:
        return "right" if chosen else "missed"
    return "wrong" if chosen else "neutral"


class ChoiceQuestion(QuestionType):
    """A question with options [{id, text, correct?, feedback?}]; `shuffle: false` keeps them in authored order."""

    def _check(self, content: Content) -> list[Problem]:
        options = content.get("options")
        problems = check_entries(options, "options")
        if not isinstance(content.get("shuffle", True), bool):
            problems.append(Problem("shuffle", "bad_shuffle"))
        if problems or not isinstance(options, list):
            return problems
        for index, option in enumerate(options):
            if not isinstance(option.get("correct", False), bool):
                problems.append(Problem(f"options.{index}.correct", "bad_correct"))
            problems += check_text(option.get("feedback"), f"options.{index}.feedback", required=False)
        return problems or self._check_right(len(right_ids(content)))

    def _check_right(self, count: int) -> list[Problem]:
        return [] if count else [Problem("options", "no_right_option")]

    def paper(self, content: Content, rng: Random) -> Paper:
        """Return {"order": [option ids as shown]}."""
        order = ids(content["options"])
        return {"order": order if content.get("shuffle") is False else shuffled(order, rng)}

    def control(self, content: Content, paper: Paper, response: Response | None = None) -> Control:
        """Return one line for each option in the order of the paper."""
        chosen, by_id = self.chosen(response), {option["id"]: option for option in content["options"]}
        return Control(
            self.name,
            choices=tuple(
                Choice(token, text_of(by_id[key]), chosen=key in chosen)
                for key, token in tokens(paper["order"]).items()
            ),
        )

    @abstractmethod
    def chosen(self, response: Response | None) -> Collection[str]:
        """Return the ids of the options chosen in a stored response."""

    def feedback(self, content: Content, response: Response | None, paper: Paper) -> Feedback:
        """Return a mark for each option, with the trainer's feedback on it."""
        share, chosen, right = self.score(content, response), self.chosen(response), right_ids(content)
        by_id = {option["id"]: option for option in content["options"]}
        parts = tuple(
            Part(
                token,
                state_of(key in right, key in chosen),
                text_of(by_id[key]),
                chosen=key in chosen,
                feedback=LocalizedText.of(by_id[key].get("feedback")) or None,
            )
            for key, token in tokens(paper["order"]).items()
        )
        return Feedback(
            correct=share == 1,
            share=share,
            parts=parts,
            correct_answer=tuple(text_of(option) for option in content["options"] if option["id"] in right),
            notes=() if chosen else (Note("unanswered"),),
            explanation=explanation(content),
        )

    def describe(self, content: Content, response: Response | None, language: str) -> str:
        """Return the texts of the chosen options."""
        chosen = self.chosen(response)
        return joined([text_of(option) for option in content["options"] if option["id"] in chosen], language)


def whole_or_nothing(right: bool) -> Fraction:
    """Return the share of an answer that is right or not."""
    return Fraction(1 if right else 0)
