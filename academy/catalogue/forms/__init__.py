"""The forms of the trainer's desk."""
