"""What we ask: eleven questionnaires as data, their kinds of answer, and the versions that were published."""
