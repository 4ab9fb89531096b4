"""What competencies asks to be typed."""
