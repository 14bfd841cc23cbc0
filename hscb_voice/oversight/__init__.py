"""The record of who did and saw what, for the data-protection officer to look through, print and take along."""
