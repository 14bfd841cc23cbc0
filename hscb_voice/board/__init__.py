"""What the Board sees: every figure leaves by one door (`figures`), guarded so that nobody can be found out."""
