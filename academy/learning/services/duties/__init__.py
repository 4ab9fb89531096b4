"""What is done with rules of duties: writing, putting into effect, stopping, running them."""

from academy.learning.services.duties.running import Ran, run_rule
from academy.learning.services.duties.writing import (
    apply_rule,
    change_rule,
    create_rule,
    digest_of,
    discard_changes,
    set_active,
)

__all__ = ["Ran", "apply_rule", "change_rule", "create_rule", "digest_of", "discard_changes", "run_rule", "set_active"]
