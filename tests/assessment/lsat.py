"""Section 6 of the Law School Admission Test, 1000 people on five questions (Bock and Lieberman 1970, Psychometrika 35)."""

_COUNTS = (
    3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15, 10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61, 28, 298,
)  # fmt: skip
LSAT6 = [tuple(map(int, f"{pattern:05b}")) for pattern, count in enumerate(_COUNTS) for _ in range(count)]
