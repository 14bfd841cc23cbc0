"""Points in the work: the same form given again as the work goes on, planned, and the worker reminded of it."""
