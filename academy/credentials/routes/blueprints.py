"""The blueprint of credentials; when it is opened, certificates learn the address they carry."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from academy.credentials import services

bp = Blueprint("credentials", __name__, template_folder="../templates")


@bp.record
def learn_address(state: BlueprintSetupState) -> None:
    """Take the academy's public address from the settings."""
    services.configure(base_url=state.app.extensions["settings"].base_url)
