"""Whom we ask: codes that lead to a questionnaire, what they say of the setting, and how many were invited."""
