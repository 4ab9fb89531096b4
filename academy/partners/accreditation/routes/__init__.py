"""The pages of accreditation."""

from academy.partners.accreditation.routes import deciding, preparing, register, reviewing, standing
from academy.partners.accreditation.routes.blueprints import bp

__all__ = ["bp", "deciding", "preparing", "register", "reviewing", "standing"]
