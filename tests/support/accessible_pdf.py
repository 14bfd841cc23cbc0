"""Judges a PDF by the rules of PDF/UA-1 that a machine can judge, by a program that has no part in making it.

May not: stand for a person with a screen reader. Whether the words make sense in the order read is nothing it knows.
"""

import page


def faults_of(pdf: bytes) -> list[str]:
    """Return each broken rule of ISO 14289-1 with what is wrong, none for a file that keeps them all.

    Args:
        pdf: the file's bytes.
    """
    report = page.validate_pdf_bytes(pdf, profile="ua1")
    assert report.rules.total > 100, "the checker looked at next to nothing"
    return [f"{failure.rule_id}: {failure.message}" for failure in report.failures]
