"""Taking things elsewhere: safe figures by the Board's own door, and responses for those who may, sealed for a day."""
