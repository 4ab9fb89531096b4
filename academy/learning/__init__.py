"""Learning owns enrolments: who takes which course version or programme, how far they are, what is due and completed."""
