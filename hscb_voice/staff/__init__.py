"""Who works here and what each may do: accounts, roles, sign-in, and the frame of every staff page."""
