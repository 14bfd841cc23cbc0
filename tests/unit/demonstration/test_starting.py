"""What somebody is told whose demonstration does not come up."""

from hscb_voice.demonstration.commands import why_it_did_not_start


def test_a_site_that_ended_sends_people_to_another_port() -> None:
    assert "Is the port in use? Try another: PORT=8001 make run." in why_it_did_not_start(8000, has_ended=True)


def test_a_slow_machine_is_not_taken_for_a_port_in_use() -> None:
    said = why_it_did_not_start(8000, has_ended=False)
    assert "Is the machine busy?" in said
    assert "port" not in said
