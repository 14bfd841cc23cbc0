"""The reading room: people read what was written, say whether the machine is right, and clear quotes.

Nothing here decides for a person, and nothing that a machine says later changes what a person has said.
"""
