"""The pages of those who keep competency frameworks and role profiles, with a draft open and a file read."""

from flask import url_for

from academy.base import clock
from academy.base.db import db
from academy.competencies import services
from academy.competencies.queries import profiles, versions
from academy.devdata import accounts as demo
from tests.journeys.prepared import person


def framework_pages() -> list[str]:
    """Return the desk of the shipped framework in all its states."""
    by = {"actor_id": person(demo.ADMINISTRATOR).id, "at": clock.now()}
    framework = versions.framework_desk("cx").framework
    out = services.written(framework, versions.framework_desk("cx").published, "yaml", language="ar")
    changed = out.replace(b"D7.2", b"D7.9").replace(b"Customer research", b"Research")
    read = services.read_framework(
        changed, "cx.yaml", framework=framework, key="", prefix="", owner_id=by["actor_id"], at=by["at"]
    )
    services.open_draft(framework, **by)
    services.retire_part(framework, "D1.2", True, **by)
    services.move_part(framework, "D1.4", "up", **by)
    names = ("framework_desk", "framework_details", "framework_scale", "add_domain", "publish_framework", "framework_versions", "import_framework")  # fmt: skip
    desk = profiles.profile_desk("frontline")
    services.save_profile(desk.profile, desk.name, {**desk.targets, "D4.1": 3, "D5.1": 1}, revision=0, **by)
    member = person(demo.EMPLOYEE)
    services.set_level(member, "D4.2", 3, "يقود التجربة في فرعه", **by)
    services.attach_job(member.organisation_id, member.job_title, "supervisor", **by)
    db.session.flush()
    return [
        *(url_for(f"competencies.{name}") for name in ("kept_profiles", "new_profile", "job_profiles")),
        *(
            url_for(f"competencies.{name}", profile_key="frontline")
            for name in ("edit_profile", "publish_profile", "profile_history", "retire_profile")
        ),
        url_for("competencies.job_suggestions"),
        url_for("competencies.job_suggestions", job=member.job_title.ar),
        url_for("competencies.profile_suggestions", profile_key="supervisor", job=member.job_title.ar),
        url_for("competencies.person_profiles", person_id=member.id),
        *(url_for(f"competencies.{name}") for name in ("kept_frameworks", "new_framework", "import_new_framework")),
        *(url_for(f"competencies.{name}", framework_key="cx") for name in names),
        url_for("competencies.edit_domain", framework_key="cx", domain_code="D1"),
        url_for("competencies.add_competency", framework_key="cx", domain_code="D1"),
        url_for("competencies.edit_competency", framework_key="cx", code="D1.1"),
        url_for("competencies.framework_version", framework_key="cx", version_number=1),
        url_for("competencies.framework_import", read_id=read.id),
        url_for("competencies.one_framework", framework_key="cx"),
    ]
