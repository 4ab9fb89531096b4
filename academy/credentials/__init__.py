"""Credentials owns certificates: it issues them to their holders, draws them and lets strangers verify them."""
