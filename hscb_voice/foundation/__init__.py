"""What every room stands on: settings, database, clock, ids, keys, jobs and mail. It knows no room above it."""
