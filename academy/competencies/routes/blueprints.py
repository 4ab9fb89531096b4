"""The blueprint of competencies."""

from flask import Blueprint

bp = Blueprint("competencies", __name__, template_folder="../templates")
