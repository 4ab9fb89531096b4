"""What a partner's administrators do with an application: read it, hand in documents, submit it, take it back."""

from flask import send_file
from flask.typing import ResponseReturnValue

from academy.base import clock
from academy.base.i18n import _
from academy.partners.accreditation import policies, queries, services
from academy.partners.accreditation.forms import HandInForm
from academy.partners.accreditation.models import AccreditationApplication, ApplicationDocument
from academy.partners.accreditation.routes.blueprints import bp
from academy.partners.accreditation.routes.pages import acted, application_page, pressed
from academy.web import navigation
from academy.web.access import requires
from academy.web.files import contents
from academy.web.identity import actor

# Members and reviewers find it below their own list; a partner's administrators, who have none, below their partner.
for page in ("application", "hand_in"):
    navigation.belong(f"accreditation.{page}", "partners.partners")


@bp.get("/admin/accreditation/applications/<int:application_id>")
@requires(policies.SEE_APPLICATION, find=queries.application, auditors=True)
def application(row: AccreditationApplication) -> ResponseReturnValue:
    """An application with its criteria and evidence."""
    return application_page(row)


@bp.post("/admin/accreditation/applications/<int:application_id>/documents")
@requires(policies.MAKE_APPLICATION, find=queries.application)
def hand_in(row: AccreditationApplication) -> ResponseReturnValue:
    """Keep a document."""
    form = HandInForm()

    def act() -> None:
        upload = form.file.data
        services.hand_in(
            row, form.ref.data, upload.read(), upload.filename or "", actor_id=actor().person_id, at=clock.now()
        )

    return acted(row, form, act, _("The document is kept."))


@bp.post("/admin/accreditation/applications/<int:application_id>/submit")
@requires(policies.MAKE_APPLICATION, find=queries.application)
def submit(row: AccreditationApplication) -> ResponseReturnValue:
    """Hand the application over."""
    return pressed(
        row,
        lambda: services.submit(row, actor_id=actor().person_id, at=clock.now()),
        _("The application is submitted. The academy reviews it now."),
    )


@bp.post("/admin/accreditation/applications/<int:application_id>/retract")
@requires(policies.MAKE_APPLICATION, find=queries.application)
def retract(row: AccreditationApplication) -> ResponseReturnValue:
    """Take the application back."""
    return pressed(
        row,
        lambda: services.retract(row, actor_id=actor().person_id, at=clock.now()),
        _("The application is retracted."),
    )


@bp.get("/admin/accreditation/documents/<int:accreditation_document_id>")
@requires(policies.SEE_APPLICATION, find=queries.document, auditors=True)
def document(row: ApplicationDocument) -> ResponseReturnValue:
    """A document as a download, for those who may read the application."""
    stored = queries.file_of(row)
    response = send_file(
        contents(stored), mimetype="application/octet-stream", as_attachment=True, download_name=stored.name, etag=stored.sha256
    )  # fmt: skip
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
