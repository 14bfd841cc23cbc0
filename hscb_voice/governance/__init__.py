"""Keeping no longer than needed, erasing, and telling people what is held about their answer."""
