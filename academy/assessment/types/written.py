"""Answers that only a person can mark: an essay, uploaded files."""

from abc import abstractmethod
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from academy.assessment.rules.words import count_words
from academy.assessment.types.base import Content, FormValues, Paper, QuestionType, Response, explanation, first_value
from academy.assessment.types.checking import clean_text
from academy.assessment.types.feedback import Feedback
from academy.assessment.types.parts import BadResponse, Control, GivenFile, Note, Problem
from academy.assessment.types.rubrics import check_rubric
from academy.base.i18n import _l

LONGEST_ESSAY = 50_000
MOST_WORDS = 5_000
MOST_FILES = 5
LARGEST_FILE = 100
FILE_KINDS = {
    "pdf": ("pdf",),
    "document": ("docx",),
    "sheet": ("xlsx", "csv"),
    "slides": ("pptx",),
    "image": ("png", "jpg", "jpeg", "webp"),
    "text": ("txt",),
    "audio": ("webm", "ogg", "mp3", "m4a", "wav"),
    "video": ("webm", "mp4"),
}
KIND_LABELS = {
    "pdf": _l("PDF"),
    "document": _l("Word document (DOCX)"),
    "sheet": _l("Spreadsheet (XLSX, CSV)"),
    "slides": _l("Slides (PPTX)"),
    "image": _l("Picture (PNG, JPEG, WebP)"),
    "text": _l("Plain text (TXT)"),
    "audio": _l("Sound, also recorded on the page (WebM, OGG, MP3, M4A, WAV)"),
    "video": _l("Video, also recorded on the page (WebM, MP4)"),
}
RECORDED = ("audio", "video")
MEDIA_OF = {"mp3": "audio", "mp4": "video"}


class MarkedByHand(QuestionType):
    """What essay and files share: a rubric, notes for the markers, and no score without a person."""

    marked_by_hand = True

    def _check(self, content: Content) -> list[Problem]:
        return [*self._check_limits(content), *check_rubric(content)]

    @abstractmethod
    def _check_limits(self, content: Content) -> list[Problem]:
        """Return the problems of what may be handed in."""

    def score(self, content: Content, response: Response | None) -> Fraction:
        """Return 0: whatever more an answer earns, a person gives."""
        return Fraction(0)

    def feedback(self, content: Content, response: Response | None, paper: Paper) -> Feedback:
        """Return the answer as given; its mark is known to those who read the marks."""
        if not response:
            nothing = Fraction(0)
            return Feedback(correct=False, share=nothing, notes=(Note("unanswered"),), explanation=explanation(content))
        given = self.describe(content, response, "")
        return Feedback(correct=None, share=None, given=given, explanation=explanation(content))


def _is_count(value: object, most: int) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 < value <= most)


class Essay(MarkedByHand):
    """Raw and stored {"text": as typed}; content may limit the words with `least_words` and `most_words`."""

    name = "essay"
    icon = "text"
    label = _l("Essay")

    def _check_limits(self, content: Content) -> list[Problem]:
        least, most = content.get("least_words"), content.get("most_words")
        for name, value in (("least_words", least), ("most_words", most)):
            if not _is_count(value, MOST_WORDS):
                return [Problem(name, "bad_words", {"most": MOST_WORDS})]
        return [Problem("most_words", "words_crossed")] if least and most and least > most else []

    def control(self, content: Content, paper: Paper, response: Response | None = None) -> Control:
        """Return the text typed so far with its limits in words."""
        text = response["text"] if response else ""
        return Control(
            self.name,
            text=text,
            longest=LONGEST_ESSAY,
            least=content.get("least_words") or 0,
            most=content.get("most_words") or 0,
        )

    def _raw(self, form_values: FormValues, paper: Paper, prefix: str) -> object:
        return {"text": first_value(form_values, prefix)}

    def clean(self, response: object, content: Content, paper: Paper) -> Response | None:
        """Return {"text": …} as typed, with one kind of line end: a form sends another than a script."""
        found = clean_text(response, limit=LONGEST_ESSAY)
        return {"text": found["text"].replace("\r\n", "\n")} if found else None

    def warnings(self, content: Content, response: Response | None) -> tuple[Note, ...]:
        """Warn of a text outside its limits; it is kept all the same."""
        if not response:
            return ()
        words, least, most = count_words(response["text"]), content.get("least_words"), content.get("most_words")
        if least and words < least:
            return (Note("few_words", {"words": words, "least": least}),)
        return (Note("many_words", {"words": words, "most": most}),) if most and words > most else ()

    def describe(self, content: Content, response: Response | None, language: str) -> str:
        """Return the text as typed."""
        return response["text"] if response else ""


class FileAnswer(MarkedByHand):
    """Stored {"files": [{"id": stored file, "name": as typed, "size": bytes, "kind": extension, "media": "audio" or
    "video" where it can be played}, …]}.

    Files arrive by upload alone; what a browser says of them is never believed. Content: `kinds` of FILE_KINDS, `most`
    files of at most `megabytes` each.
    """

    name = "file"
    icon = "paperclip"
    label = _l("File upload")

    def _check_limits(self, content: Content) -> list[Problem]:
        kinds = content.get("kinds")
        problems = []
        if not isinstance(kinds, list) or not kinds or not all(isinstance(k, str) and k in FILE_KINDS for k in kinds):
            problems.append(Problem("kinds", "bad_kinds"))
        if content.get("most") is None or not _is_count(content["most"], MOST_FILES):
            problems.append(Problem("most", "bad_file_count", {"most": MOST_FILES}))
        if content.get("megabytes") is None or not _is_count(content["megabytes"], LARGEST_FILE):
            problems.append(Problem("megabytes", "bad_megabytes", {"most": LARGEST_FILE}))
        return problems

    def control(self, content: Content, paper: Paper, response: Response | None = None) -> Control:
        """Return the files kept so far, what may be added, and the ends of names that are taken."""
        return Control(
            self.name,
            files=given_files(response),
            kinds=extensions(content),
            kind_names=tuple(KIND_LABELS[name] for name in KIND_LABELS if name in content["kinds"]),
            most=content["most"],
            longest=content["megabytes"],
            records=tuple(name for name in RECORDED if name in content["kinds"]),
        )

    def _raw(self, form_values: FormValues, paper: Paper, prefix: str) -> object:
        return None

    def clean(self, response: object, content: Content, paper: Paper) -> Response | None:
        """Refuse everything but nothing: files come by upload."""
        if response is not None:
            raise BadResponse("bad_shape")
        return None

    def describe(self, content: Content, response: Response | None, language: str) -> str:
        """Return the names of the files, one a line."""
        return "\n".join(each.name for each in given_files(response))


def given_files(response: Mapping[str, Any] | None) -> tuple[GivenFile, ...]:
    """Return the files of a stored response, numbered from 1."""
    files = (response or {}).get("files") or []
    return tuple(
        GivenFile(n, each["name"], each["size"], each["kind"], each.get("media") or MEDIA_OF.get(each["kind"], ""))
        for n, each in enumerate(files, start=1)
    )


def extensions(content: Content) -> tuple[str, ...]:
    """Return the ends of file names that a question takes, each once."""
    return tuple(dict.fromkeys(end for name in content["kinds"] for end in FILE_KINDS[name]))
