"""Keys changed, backups made and brought back: so that nothing is lost, and what was erased stays erased."""
