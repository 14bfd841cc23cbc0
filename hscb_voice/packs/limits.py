"""What every pack says about how its figures were made, and what they cannot say."""

_TEXT = """
Everybody here chose to answer. Those who did not may think otherwise, so these figures describe who answered, and not
everybody.

Beside each percentage stands its likely range: of 100 such ranges, 95 hold the true share (Wilson's interval). Two
figures whose ranges overlap a good deal may well be the same.

Counts of 1 to 4 are “too few to show”, so that nobody can be found out, and sometimes another count is hidden with them
because it would give them away. “Too few to show” is no way of writing none.

Percentages are given only when ten or more answered. No average is ever made of faces.

Themes are found by machine and corrected by people. A theme that is too seldom to show is not one that does not matter.

Every quote was cleared by a person, with names and places hidden, and only where whoever wrote it allowed it.

A pack is kept as it was issued. If something in it was wrong, a new one says so and names this one.
"""
LIMITS = tuple(" ".join(part.split()) for part in _TEXT.split("\n\n"))
