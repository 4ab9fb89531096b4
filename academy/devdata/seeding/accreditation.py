"""The scheme of accreditation as its content says, a committee, one partner that was accredited yesterday, and one that waits."""

from datetime import datetime, timedelta
from typing import Any

from academy.accounts import services as accounts
from academy.accounts.models import Organisation
from academy.base.text import LocalizedText
from academy.devdata.reading.programmes import ProgrammeContent, ProgrammesContent
from academy.devdata.seeding.cast import Cast
from academy.partners.accreditation import queries, services
from academy.partners.accreditation.models import AccreditationApplication
from academy.partners.accreditation.rules import GRACE_DAYS, QUORUM, Criterion, Level, Scheme
from academy.partners.queries import administrators_of

DAY = timedelta(days=1)
COMMITTEE = ("director", "trainer", "deputy")
SUPERVISORS_COURSE = "cx-measurement"
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n"
NAMES = {
    "promise": "الوعد للمستفيد.pdf", "blueprint": "مخطط الخدمة.pdf", "data_rules": "قواعد البيانات.pdf", "exit_plan": "خطة الخروج.pdf",
}  # fmt: skip
BECAUSE = {
    "director": "الأدلة مكتملة، والوحدات جاهزة لمباشرة الخدمة.",
    "trainer": "جميع مقدّمي الخدمة يحملون شهادة سارية.",
    "deputy": "خطة الخروج مقنعة وتحفظ حق المستفيد.",
}


def scheme_in(content: ProgrammesContent) -> Scheme:
    """Return the scheme of accreditation that the content holds; its words give the grace, and say nothing of a quorum."""
    found = next(each for each in content.programmes if each.kind == "organisation")
    return Scheme(
        key=found.id, code=found.code, version=found.version, title=found.title, summary=found.summary,
        levels=tuple(
            Level(each["level"], LocalizedText.of(each["name"]), LocalizedText.of(each["meaning"])) for each in found.levels
        ),
        criteria=tuple(_criterion(each) for each in found.criteria), validity_months=found.validity_months,
        grace_days=GRACE_DAYS, quorum=QUORUM, supervisors_course=SUPERVISORS_COURSE, breach=_breach(found),
    )  # fmt: skip


def _breach(content: ProgrammeContent) -> LocalizedText:
    return content.breach or LocalizedText()


def _criterion(raw: dict[str, Any]) -> Criterion:
    refs, measure = tuple(raw.get("ref", ())), raw["measure"]
    return Criterion(
        key=raw["id"], from_level=raw["from_level"], measure=measure, threshold=str(raw.get("threshold", len(refs))),
        unit=raw.get("unit") or ("%" if measure == "csat" else ""), refs=refs, window_months=raw.get("window_months", 0),
        text=LocalizedText.of(raw["text"]),
    )  # fmt: skip


def load_accreditation(cast: Cast, content: ProgrammesContent, *, since: datetime, now: datetime) -> None:
    """Publish the scheme, name the committee, accredit the second partner, and let the first one's application wait."""
    admin = cast.demo["admin"]
    services.publish_scheme(scheme_in(content), actor_id=admin.id, at=since)
    for key in COMMITTEE:
        accounts.grant_role(cast.demo[key], "committee", at=since)
    waiting, good = cast.partners
    accredited = _application(cast, good, administrators_of(good.id)[0], at=now - 12 * DAY)
    _review(cast, accredited, now - 4 * DAY)
    services.send_to_committee(accredited, 1, actor_id=admin.id, at=now - 3 * DAY)
    for key in COMMITTEE:
        services.vote(
            accredited, in_favour=True, reason=BECAUSE[key], actor_id=cast.demo[key].id, at=now - 2 * DAY
        )  # fmt: skip
    services.close_vote(
        accredited, reason="استوفت المنشأة معايير المستوى الأول كلها.", actor_id=cast.demo["director"].id, at=now - DAY
    )
    _application(cast, waiting, cast.demo["partner-admin"].id, at=now - 3 * DAY)


def _application(cast: Cast, partner: Organisation, by: int, *, at: datetime) -> AccreditationApplication:
    row = services.apply(partner, 1, words="نطلب اعتماد وحدتي التشغيل والجودة.", actor_id=by, at=at)
    for ref, name in NAMES.items():
        services.hand_in(row, ref, PAPER + ref.encode(), name, actor_id=by, at=at)
    services.submit(row, actor_id=by, at=at)
    return row


def _review(cast: Cast, row: AccreditationApplication, at: datetime) -> None:
    for rows in queries.documents_of(row.id).values():
        for each in rows:
            services.review_document(each.row, accepted=True, actor_id=cast.demo["admin"].id, at=at)
