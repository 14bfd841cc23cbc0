"""HSCB Voice: how a safeguarding children board hears children, from a tap to the Board's page."""

__version__ = "0.1.0"
