"""Running the platform for a council: serving, watching, and looking over it. No child's word comes here."""
