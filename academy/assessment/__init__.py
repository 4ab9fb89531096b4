"""Assessment owns questions, quizzes, attempts and their scores: what was asked, what was answered, what it earned."""
