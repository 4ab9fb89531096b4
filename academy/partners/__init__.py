"""Partners as organisations: their profile and agreements, who of them may serve, and who left them."""
