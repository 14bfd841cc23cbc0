"""The read-only API for other programs: tokens with scopes, and what they may read; figures by the Board's door."""
