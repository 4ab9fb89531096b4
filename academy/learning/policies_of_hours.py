"""Who sees the hours that were credited to somebody."""

from academy.accounts.policies import sees
from academy.base.access import permit

SEE_CREDITS = permit(
    "learning:credits:see", sees, "People, their managers and their administrators see the hours credited to them."
)
