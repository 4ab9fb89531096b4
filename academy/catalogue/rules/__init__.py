"""What may be argued about a course: keys, order, what is missing, what has changed. Pure values in, values out."""
