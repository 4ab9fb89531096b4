"""A learner asks, the trainer answers, the learner marks the answer; another post is reported, and the trainer hides it (NO2)."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from academy.base.db import db
from academy.devdata import accounts as demo
from academy.discussions.models import DiscussionPost, DiscussionThread
from tests.journeys.pages import Place
from tests.journeys.visitor import NARROW

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
PHONE = {"viewport": NARROW, "has_touch": True, "is_mobile": True}
TITLE = "كيف أصوغ سؤالًا محايدًا؟"


def test_from_a_question_to_its_answer_and_from_a_report_to_its_decision(academy, person):
    """NO2: asking on a phone, answering, marking, reporting, hiding; then the same pages in English."""
    asker = person(**PHONE).sign_in(demo.EMPLOYEE)
    asker.open("/courses/cx-measurement")
    page = Place(asker)
    page.press_and_arrive("a.course-link")
    page.check().press_and_arrive("a[href$='/discussions/new']")
    page.check().press_and_arrive("form button.btn-primary")
    page.says("يُرجى كتابة شيء").check()
    page.find("[name=title]").fill(TITLE)
    page.find("textarea").fill("أكتب: «ألا ترى أن خدمتنا **سريعة**؟»")
    page.press_and_arrive("form button.btn-primary")
    page.says(TITLE, "بلا إجابة معتمدة").check()
    thread = int(re.search(r"/discussions/(\d+)", asker.path)[1])

    academy.work()
    trainer = person().sign_in(demo.TRAINER)
    trainer.open("/notices")
    Place(trainer).says("سؤال جديد")
    trainer.open(f"/discussions/{thread}")
    desk = Place(trainer).check()
    desk.find("#reply textarea").fill("احذف «ألا ترى»، واسأل: كيف وجدت سرعة الخدمة؟")
    desk.press_and_arrive("#reply button.btn-primary")
    desk.says("نُشر ردّك").check()

    asker.open(f"/discussions/{thread}")
    page.press_and_arrive("article.post:not(.is-opening) form button")
    page.says("صار هذا الرد الإجابة المعتمدة", "الإجابة المعتمدة من").check()

    with academy.inside():
        noise = db.session.scalars(
            select(DiscussionPost.id)
            .join(DiscussionThread, DiscussionThread.id == DiscussionPost.thread_id)
            .where(DiscussionPost.text.contains("دروع"))
        ).one()
    asker.open(f"/discussions/posts/{noise}/report")
    page.check().find("input[value=spam]").check()
    page.press_and_arrive("form button.btn-primary")
    page.says("سينظر فيها المشرفون").check()

    trainer.open("/")
    desk.says("مشاركة واحدة تنتظر قرارك")
    trainer.open("/moderation")
    desk.check().press_and_arrive(".thread-title")
    desk.find("input[value=hidden]").check()
    desk.find("textarea[name=reason]").fill("إعلان لا صلة له بالمقرر.")
    desk.press_and_arrive("form:has(textarea[name=reason]) button.btn-primary")
    desk.says("حُفظ القرار", "مخفية").check()

    asker.speak("en").open(f"/discussions/posts/{noise}")
    page.says("A moderator has hidden this post.").check()
    expect(page.find(f"#post-{noise}")).not_to_contain_text("دروع")
    asker.open("/courses/cx-measurement/discussions?show=mine")
    page.says("Has an answer").check()
    trainer.speak("en").open(f"/moderation/posts/{noise}")
    desk.says("Show it again").check()
