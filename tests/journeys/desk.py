"""The trainer's desk: writing a course and its quiz, as page objects. Each step returns the page it leads to."""

from collections.abc import Sequence
from typing import Self

from playwright.sync_api import Locator, expect

from tests.journeys.pages import Place
from tests.journeys.visitor import Visitor

Pair = tuple[str, str]


class Form(Place):
    """A page with a form in two languages."""

    def fill(self, name: str, value: str) -> Self:
        """Fill a field of one language."""
        self.find(f"[name='{name}']").fill(value)
        return self

    def fill_pair(self, name: str, texts: Pair) -> Self:
        """Fill a text in Arabic and in English."""
        for language, text in zip(("ar", "en"), texts, strict=True):
            self.fill(f"{name}-{language}", text)
        return self

    def add_row(self, rows: str) -> Self:
        """Add a row to a list in the form; only the list is exchanged, what was typed stays."""
        before = self.find(f"#rows-{rows} ol > li").count()
        self.press(f"button[name=act][value='{rows}:add']")
        expect(self.find(f"#rows-{rows} ol > li")).to_have_count(before + 1)
        return self

    def save(self) -> Self:
        """Press the form's main button."""
        self.press_and_arrive("form .form-acts :is(.btn-primary, .btn-danger)")
        return self

    @property
    def notes(self) -> str:
        """What the page has just told."""
        return self.page.locator("#flashes").inner_text()


class CourseDesk(Form):
    """The outline of a course that is being written."""

    @classmethod
    def of(cls, visitor: Visitor, key: str) -> "CourseDesk":
        """Open a course's desk."""
        return cls(visitor.open(f"/teach/{key}"))

    def __init__(self, visitor: Visitor) -> None:
        super().__init__(visitor)
        self.key = visitor.path.split("/")[2].split("?")[0].split("#")[0]

    def part(self, name: str) -> Form:
        """Open one of the course's pages: details, access, translations, differences, publish."""
        self.visitor.open(f"/teach/{self.key}/{name}")
        return Form(self.visitor)

    def outline(self) -> Self:
        """Come back to the outline."""
        self.visitor.open(f"/teach/{self.key}")
        return self

    def add_unit(self, title: Pair) -> Self:
        """Add a unit."""
        self.press_and_arrive(".add-row a, .empty .btn-primary")
        Form(self.visitor).fill_pair("title", title).save()
        return self

    def unit(self, title: str) -> Locator:
        """The panel of a unit."""
        return self.find("section.unit").filter(has=self.page.get_by_role("heading", name=title))

    def add_activity(self, unit: str, kind: str, title: Pair, minutes: int = 5) -> "ActivityEditor":
        """Add an activity to a unit; its editor opens."""
        self.press_and_arrive(self.unit(unit).locator("a[href$='/activities']"))
        form = Form(self.visitor).fill_pair("title", title).fill("minutes", str(minutes))
        form.press(f"input[name=kind][value={kind}]")
        form.save()
        return ActivityEditor(self.visitor)

    def titles(self) -> list[list[str]]:
        """The activities' titles by unit, in order."""
        return [unit.locator("li a.grow").all_inner_texts() for unit in self.find("section.unit").all()]

    def activity(self, title: str) -> Locator:
        """The row of an activity."""
        return self.find("li[data-key]").filter(has=self.page.get_by_role("link", name=title, exact=True))

    def move_by_key(self, title: str, way: str) -> Self:
        """Move an activity up or down with the keyboard, which stays where it is for the next step."""
        self.activity(title).locator(f"button[value={way}]").focus()
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        expect(self.activity(title).locator("form[data-move] button:focus")).to_have_count(1)
        return self

    def drag(self, title: str, onto: str) -> Self:
        """Drag an activity by its handle onto the place of another one."""
        expect(self.find(".units.ready")).to_be_visible()
        start, end = (self.activity(each).locator(".handle").bounding_box() for each in (title, onto))
        mouse = self.page.mouse
        mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
        mouse.down()
        with self.page.expect_response("**/activities/order"):
            mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2 + 8, steps=3)
            mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2 - 4, steps=12)
            mouse.up()
        return self

    def remove(self, title: str) -> Self:
        """Remove an activity."""
        self.press_and_arrive(self.activity(title).locator("form[action$='/remove'] button"))
        return self

    def undo(self) -> Self:
        """Take the last removal back."""
        self.press_and_arrive(self.page.locator("#flashes form.undo button"))
        return self

    def start_editing(self) -> Self:
        """Start the draft of the next version."""
        self.press_and_arrive("form[action$='/draft'] button")
        return self

    def publish(self, reviewer: Visitor) -> Self:
        """Publish the draft when its checklist is empty, after a reviewer has approved it."""
        publishing = self.part("publish")
        assert publishing.find(".checklist .open").count() == 0, publishing.words
        publishing.check().press_and_arrive("form[action$='/review'] button.btn-primary")
        queue = Form(reviewer.open("/reviews")).check()
        queue.press_and_arrive(queue.find(".review-list a").last)
        queue.check().press_and_arrive("button[value=approve]")
        publishing = self.part("publish")
        publishing.press_and_arrive("form[action$='/publish'] button")
        return self


class ActivityEditor(Form):
    """The editor of one activity."""

    def write(self, ar: str, en: str) -> Self:
        """Write a lesson in both languages and see the previews follow."""
        for language, text in (("ar", ar), ("en", en)):
            self.fill(f"body-{language}", text)
            expect(self.find(f"[data-preview={language}] h2")).to_be_visible()
        return self

    def insert_picture(self, picture: bytes, alt: str) -> Self:
        """Upload a picture and put it where the cursor stands."""
        self.press(".picture-box > summary")
        field, chosen = self.find("[name=image]"), {"name": "صورة.png", "mimeType": "image/png", "buffer": picture}
        most = field.get_attribute("data-most")
        field.evaluate("field => { field.dataset.most = 10; }")
        field.set_input_files(chosen)
        self.fill("image_alt", alt).press("[data-insert-picture]")
        expect(self.find("#image-size")).to_contain_text("الملف كبير جدًا")
        expect(field).to_be_focused()
        field.evaluate("(field, most) => { field.dataset.most = most; }", most)
        field.set_input_files(chosen)
        self.fill("image_alt", "").press("[data-insert-picture]")
        described = self.find("[name=image_alt]")
        expect(described).to_be_focused()
        expect(described).to_have_accessible_description("يُرجى وصف ما تعرضه الصورة.")
        expect(described).to_have_attribute("aria-invalid", "true")
        self.fill("image_alt", alt).press("[data-insert-picture]")
        expect(described).not_to_have_attribute("aria-invalid", "true")
        expect(self.find(f"[data-preview] img[alt='{alt}']").first).to_be_visible()
        return self


class QuizEditor(Form):
    """The editor of a quiz."""

    def new_question(self, type: str, stem: Pair) -> "QuestionEditor":
        """Begin a question of a type."""
        self.press_and_arrive(f".type-list a[href$='/new/{type}']")
        editor = QuestionEditor(self.visitor)
        editor.fill_pair("stem", stem)
        return editor

    def stems(self) -> list[str]:
        """The questions in order."""
        return [each.strip() for each in self.find(".question-stem").all_inner_texts()]

    def move(self, number: int, way: str) -> Self:
        """Move a question by its button; the list is kept without leaving the page."""
        expect(self.find("[data-reorder].ready")).to_be_visible()
        with self.page.expect_response("**/quiz/order"):
            self.press(self.find(".question-list > li").nth(number - 1).locator(f"button[value={way}]"))
        return self


class QuestionEditor(Form):
    """The form of a question."""

    def options(self, texts: Sequence[Pair], right: Sequence[int]) -> Self:
        """Write the choices, and mark the right ones (from 0)."""
        for place, pair in enumerate(texts):
            self.fill_pair(f"options-{place}-text", pair)
        for place in right:
            self.find("input[name=right]").nth(place).check()
        return self

    def save_question(self) -> QuizEditor:
        """Save and go back to the quiz."""
        self.press_and_arrive(".form-acts button.btn-primary")
        return QuizEditor(self.visitor)

    def save_and_try(self) -> Form:
        """Save and try the question as learners meet it."""
        self.press_and_arrive(".form-acts button[value=try]")
        return Form(self.visitor)
