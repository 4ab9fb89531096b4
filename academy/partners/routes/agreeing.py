"""Agreements: adding one, looking at it, ending it early, its documents."""

from flask import flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from academy.accounts.kinds import name_act
from academy.accounts.models import Organisation
from academy.base import clock
from academy.base.db import db
from academy.base.errors import Refusal
from academy.base.i18n import _, _l
from academy.partners import policies, queries, services
from academy.partners.forms import AgreementForm, ClosingForm, DocumentForm
from academy.partners.models import Agreement, AgreementDocument
from academy.partners.naming import certificate_in_words
from academy.partners.routes.blueprints import bp
from academy.web.access import requires
from academy.web.files import contents
from academy.web.filters import plain
from academy.web.identity import actor

name_act(policies.MAKE_AGREEMENT, _l("Agreement with a partner added"))
name_act("partners:agreement:close", _l("Agreement with a partner ended early"))
name_act("partners:document:add", _l("Document of an agreement added"))
name_act("partners:document:replace", _l("Document of an agreement replaced"))
name_act("partners:document:remove", _l("Document of an agreement removed"))


@bp.route("/admin/partners/<int:organisation_id>/agreements/new", methods=["GET", "POST"])
@requires(policies.MAKE_AGREEMENT, find=queries.partner)
def new_agreement(partner: Organisation) -> ResponseReturnValue:
    """Add an agreement, with its signed document if it is at hand."""
    form = AgreementForm()
    form.required.choices = [
        (of, certificate_in_words(of, plain(title))) for of, title in queries.what_can_be_required().items()
    ]
    if form.validate_on_submit():
        try:
            with db.session.begin_nested():
                row = _make(partner, form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The agreement is added."), "ok")
            return redirect(url_for(".agreement", agreement_id=row.id))
    shown = render_template("partners/new_agreement.html", form=form, partner=partner)
    return shown, 422 if form.errors else 200


def _make(partner: Organisation, form: AgreementForm) -> Agreement:
    at, by = clock.now(), actor().person_id
    row = services.make_agreement(
        partner, form.reference.data or "", starts_on=form.starts_on.data, ends_on=form.ends_on.data,  # type: ignore[arg-type]
        required=form.required.data or [], grace_days=int(form.grace_days.data or 0), actor_id=by, at=at,
    )  # fmt: skip
    upload = form.file.data
    if upload and upload.filename:
        services.add_document(row, upload.read(), upload.filename, actor_id=by, at=at)
    return row


def _shown(row: Agreement, document_form: DocumentForm, closing_form: ClosingForm) -> ResponseReturnValue:
    partner, documents = queries.partner(row.organisation_id), queries.documents_of([row.id])[row.id]
    document_form.offer(documents)
    shown = render_template(
        "partners/agreement.html", agreement=row, partner=partner, required=queries.required_by(row.id),
        documents=documents, today=clock.today(), document_form=document_form,
        closing_form=closing_form,
    )  # fmt: skip
    return shown, 422 if document_form.errors or closing_form.errors else 200


@bp.get("/admin/partners/agreements/<int:agreement_id>")
@requires(policies.SEE_AGREEMENT, find=queries.agreement, auditors=True)
def agreement(row: Agreement) -> ResponseReturnValue:
    """An agreement with its documents."""
    return _shown(row, DocumentForm(), ClosingForm())


@bp.post("/admin/partners/agreements/<int:agreement_id>/close")
@requires(policies.MAKE_AGREEMENT, find=queries.agreement)
def close_agreement(row: Agreement) -> ResponseReturnValue:
    """End an agreement early."""
    form = ClosingForm()
    if form.validate_on_submit() and form.last_day.data:
        try:
            services.close_agreement(
                row, form.last_day.data, form.reason.data or "", actor_id=actor().person_id, at=clock.now(),
                today=clock.today(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The end of the agreement is kept."), "ok")
            return redirect(url_for(".agreement", agreement_id=row.id))
    return _shown(row, DocumentForm(formdata=None), form)


@bp.post("/admin/partners/agreements/<int:agreement_id>/documents")
@requires(policies.MAKE_AGREEMENT, find=queries.agreement)
def add_document(row: Agreement) -> ResponseReturnValue:
    """Keep a document, one more or in place of one that is there."""
    form = DocumentForm()
    form.offer(queries.documents_of([row.id])[row.id])
    if form.validate_on_submit():
        try:
            upload = form.file.data
            services.add_document(
                row, upload.read(), upload.filename or "", instead_of=form.instead_of.data or None,
                actor_id=actor().person_id, at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The document is kept."), "ok")
            return redirect(url_for(".agreement", agreement_id=row.id))
    return _shown(row, form, ClosingForm(formdata=None))


@bp.get("/admin/partners/documents/<int:document_id>")
@requires(policies.SEE_AGREEMENT, find=queries.document, auditors=True)
def document(row: AgreementDocument) -> ResponseReturnValue:
    """A document as a download, for those who may see the agreement."""
    stored = queries.file_of(row)
    response = send_file(
        contents(stored),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=stored.name,
        etag=stored.sha256,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/admin/partners/documents/<int:document_id>/remove")
@requires(policies.MAKE_AGREEMENT, find=queries.document)
def remove_document(row: AgreementDocument) -> ResponseReturnValue:
    """Take a document away."""
    agreement_id = row.agreement_id
    services.remove_document(row, actor_id=actor().person_id, at=clock.now())
    flash(_("The document is removed."), "ok")
    return redirect(url_for(".agreement", agreement_id=agreement_id))
