"""Uploads: spreadsheets of answers, looked at before anything is kept, brought in by rows, and undone while unread."""
