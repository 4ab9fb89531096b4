"""What every slice stands on: database, clock, jobs, mail, text. Knows neither the web nor the domain."""
