"""The code at the foot of a paper form leads to the wording, age and language that it was printed in."""

import pytest

from hscb_voice.foundation.platform import Platform
from hscb_voice.paper.errors import UnknownFormError
from hscb_voice.paper.form_codes import form_of_code
from hscb_voice.paper.printing import printable_form, printable_forms
from hscb_voice.questionnaires.queries import current_version
from hscb_voice.questionnaires.service import publish

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CHILD = "support-worker-child"


def test_every_printed_form_is_found_again_by_its_code(platform: Platform) -> None:
    with platform.database.reading() as connection:
        forms = [form for one in printable_forms(connection) for row in one.rows for form in row]
        assert len({form.code for form in forms}) == len(forms) >= 15
        for form in forms:
            assert form_of_code(connection, form.code) == form


def test_a_code_is_read_however_it_is_typed(platform: Platform) -> None:
    with platform.database.reading() as connection:
        form = printable_form(connection, CHILD, "under-9", "en")
        for typed in (form.code, form.code.lower(), f" {form.code} ", form.code.replace("-", ""), " ".join(form.code)):
            assert form_of_code(connection, typed) == form


def test_an_old_paper_leads_to_its_own_wording_when_another_is_asked_now(platform: Platform) -> None:
    with platform.database.writing() as connection:
        old = printable_form(connection, CHILD, None, "en")
        changed = old.version.definition.model_copy(update={"title": "Your helper"})
        publish(connection, changed, platform.clock)
        assert current_version(connection, CHILD).definition.title == "Your helper"
        assert form_of_code(connection, old.code).version.definition.title == "Your support worker"


@pytest.mark.parametrize("typed", ["", "hello", "99999-EN", "1", "1-XX", "12A-", "9" * 30, "１-EN", "1P9-EN"])
def test_it_refuses_a_code_that_names_no_form(platform: Platform, typed: str) -> None:
    with platform.database.reading() as connection, pytest.raises(UnknownFormError):
        form_of_code(connection, typed)


def test_it_refuses_a_code_whose_letter_names_no_age(platform: Platform) -> None:
    with platform.database.reading() as connection:
        several = printable_form(connection, CHILD, None, "en").version.id
        single = printable_form(connection, "my-story", None, "en").version.id
        for typed in (f"{several}-EN", f"{several}Z-EN", f"{single}A-EN"):
            with pytest.raises(UnknownFormError, match="letter"):
                form_of_code(connection, typed)
