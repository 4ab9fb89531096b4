"""Letters to the people who stand in a state in a course: written, looked at, sent by a job, stopped, counted."""
