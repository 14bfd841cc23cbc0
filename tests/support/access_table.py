"""Who may use which staff route: written down a second time, by hand, so that a slip in a route is seen.

Every guarded route stands here with the permission that it must ask for, and every name in its address with what it
stands for. A new route, or a new name, turns `tests/web/test_access_table.py` red until somebody has thought about it.
"""

from dataclasses import dataclass
from enum import Enum

from hscb_voice.staff.roles import Permission

_P = Permission


class Belongs(Enum):
    """To whom the thing behind an address belongs."""

    TO_A_TEAM = "a team"  # another team's is 404
    TO_ONESELF = "oneself"  # somebody else's is 404, and so is one that does not exist
    TO_NO_TEAM = "no team"  # whoever has the permission meets all of them


@dataclass(frozen=True)
class Name:
    """What a name in an address stands for."""

    belongs: Belongs
    thing: str  # a field of `Side`, or a value that is the same for everybody


NAMES = {
    "response_id": Name(Belongs.TO_A_TEAM, "response_id"),
    "concern_id": Name(Belongs.TO_A_TEAM, "concern_id"),
    "comment_id": Name(Belongs.TO_A_TEAM, "comment_id"),
    "sign_in_id": Name(Belongs.TO_ONESELF, "00000000-0000-4000-8000-000000000000"),
    "passkey_id": Name(Belongs.TO_ONESELF, "00000000-0000-4000-8000-000000000000"),
    "pile_id": Name(Belongs.TO_ONESELF, "00000000-0000-4000-8000-000000000000"),
    "tablet_id": Name(Belongs.TO_A_TEAM, "tablet_id"),
    "upload_id": Name(Belongs.TO_ONESELF, "00000000-0000-4000-8000-000000000000"),
    "item_id": Name(Belongs.TO_A_TEAM, "comment_id"),
    "after": Name(Belongs.TO_NO_TEAM, "comment_id"),  # where to go on from; what comes next is scoped
    "sample_id": Name(Belongs.TO_NO_TEAM, "sample_id"),  # drawn from every team, for analysts
    "suggestion_id": Name(Belongs.TO_NO_TEAM, "suggestion_id"),  # found over every team; its comments are scoped
    "decision_id": Name(Belongs.TO_NO_TEAM, "decision_id"),
    "phrase_id": Name(Belongs.TO_NO_TEAM, "00000000-0000-4000-8000-000000000000"),  # a phrase of three or more
    "decision": Name(Belongs.TO_NO_TEAM, "reject"),
    "wanted": Name(Belongs.TO_NO_TEAM, "off"),
    "section": Name(Belongs.TO_NO_TEAM, "child"),
    "held_id": Name(Belongs.TO_NO_TEAM, "response_id"),  # from outside: no tick and no word of it
    "copied_id": Name(Belongs.TO_NO_TEAM, "response_id"),  # released by a lead, who meets every team
    "invitation_id": Name(Belongs.TO_A_TEAM, "invitation_id"),
    "note_id": Name(Belongs.TO_A_TEAM, "note_id"),  # how many were invited without a code
    "series_id": Name(Belongs.TO_A_TEAM, "series_id"),
    "planned_id": Name(Belongs.TO_A_TEAM, "planned_id"),  # a form of a series
    "shape": Name(Belongs.TO_NO_TEAM, "card"),  # of what is printed
    "account_id": Name(Belongs.TO_NO_TEAM, "account_id"),
    "theme_id": Name(Belongs.TO_NO_TEAM, "listened_to"),
    "name": Name(Belongs.TO_NO_TEAM, "1"),  # a version of the codebook
    "action_id": Name(Belongs.TO_NO_TEAM, "00000000-0000-4000-8000-000000000000"),  # written by staff, for the public
    "look": Name(Belongs.TO_NO_TEAM, "child"),
    "language": Name(Belongs.TO_NO_TEAM, "en"),
    "pack_id": Name(Belongs.TO_NO_TEAM, "00000000-0000-4000-8000-000000000000"),  # figures for the whole Board
    "form": Name(Belongs.TO_NO_TEAM, "pdf"),
    "slug": Name(Belongs.TO_NO_TEAM, "support-worker-child"),
}

# Endpoint -> what it must ask for.
GUARDED: dict[str, Permission] = {
    "staff_home.home": _P.ENTER,
    "staff_account.account": _P.ENTER,
    "staff_account.sign_out_everywhere": _P.ENTER,
    "staff_account.end_session": _P.ENTER,
    "staff_account.password": _P.ENTER,
    "staff_second_factor.remove": _P.ENTER,
    "staff_second_factor.make_codes": _P.ENTER,
    "staff_second_factor.remove_passkey": _P.ENTER,
    "staff_sign_on.leave_again": _P.ENTER,  # only where single sign-on is set up
    "staff_proof.prove": _P.ENTER,
    "staff_proof.take": _P.ENTER,
    "staff_people.people": _P.MANAGE_PEOPLE,
    "staff_people.invite": _P.MANAGE_PEOPLE,
    "staff_people.reset_second_factor": _P.MANAGE_PEOPLE,
    "staff_people.invite_again": _P.MANAGE_PEOPLE,
    "staff_people.reset_password": _P.MANAGE_PEOPLE,
    "staff_people.withdraw": _P.MANAGE_PEOPLE,
    "staff_people.person": _P.MANAGE_PEOPLE,
    "staff_people.change_roles": _P.MANAGE_PEOPLE,
    "staff_people.disable": _P.MANAGE_PEOPLE,
    "staff_people.enable": _P.MANAGE_PEOPLE,
    "staff_people.end_sessions": _P.MANAGE_PEOPLE,
    "staff_packs.packs": _P.SEE_FIGURES,
    "staff_packs.pack": _P.SEE_FIGURES,
    "staff_packs.file": _P.SEE_FIGURES,
    "staff_packs.new": _P.ISSUE_PACKS,
    "staff_actions.actions": _P.SEE_ACTIONS,
    "staff_actions.action": _P.SEE_ACTIONS,
    "staff_actions.report": _P.SEE_ACTIONS,  # only whoever sees to it, or decides
    "staff_actions.new": _P.DECIDE_ACTIONS,
    "staff_actions.decide": _P.DECIDE_ACTIONS,
    "staff_actions.change": _P.DECIDE_ACTIONS,
    "staff_actions.publish": _P.DECIDE_ACTIONS,
    "staff_actions.thresholds": _P.DECIDE_ACTIONS,
    "staff_telling.tell": _P.DECIDE_ACTIONS,
    "staff_concerns.queue": _P.READ_CONCERNS,
    "staff_concerns.concern": _P.READ_CONCERNS,
    "staff_concerns.acknowledge": _P.HANDLE_CONCERNS,
    "staff_concerns.note": _P.HANDLE_CONCERNS,
    "staff_concerns.close": _P.HANDLE_CONCERNS,
    "staff_concerns.reopen": _P.HANDLE_CONCERNS,
    "staff_concerns.hand_over": _P.HANDLE_CONCERNS,
    "staff_duties.duties": _P.SET_DUTIES,
    "staff_duties.edit": _P.SET_DUTIES,
    "staff_duties.remove": _P.SET_DUTIES,
    "staff_duties.send_test": _P.SET_DUTIES,
    "staff_raising.ask": _P.READ_COMMENTS,
    "staff_raising.raise_one": _P.READ_COMMENTS,
    "staff_tablets.tablets": _P.KEEP_TABLETS,
    "staff_tablets.add": _P.KEEP_TABLETS,
    "staff_tablets.tablet": _P.KEEP_TABLETS,
    "staff_tablets.new_code": _P.KEEP_TABLETS,
    "staff_tablets.change": _P.KEEP_TABLETS,
    "staff_tablets.switch_off": _P.KEEP_TABLETS,
    "staff_responses.responses": _P.SEE_RESPONSES,
    "staff_responses.response": _P.SEE_RESPONSES,
    "staff_invitations.invitations": _P.INVITE,
    "staff_invitations.choose": _P.INVITE,
    "staff_invitations.new": _P.INVITE,
    "staff_invitations.invitation": _P.INVITE,
    "staff_invitations.handed_out": _P.INVITE,
    "staff_invitations.close": _P.INVITE,
    "staff_invitations.picture": _P.INVITE,
    "staff_invitations.print_it": _P.INVITE,
    "staff_due.due": _P.INVITE,
    "staff_due.choose": _P.INVITE,
    "staff_due.new": _P.INVITE,
    "staff_due.series": _P.INVITE,
    "staff_due.stop": _P.INVITE,
    "staff_due.give": _P.INVITE,
    "staff_due.record": _P.INVITE,
    "staff_due.put_off": _P.INVITE,
    "staff_due.leave_out": _P.INVITE,
    "staff_recording.choose": _P.INVITE,
    "staff_recording.begin": _P.INVITE,
    "staff_recording.done": _P.INVITE,
    "staff_invited.invited": _P.INVITE,
    "staff_invited.counts": _P.INVITE,
    "staff_invited.add_note": _P.INVITE,
    "staff_invited.change_note": _P.INVITE,
    "staff_themes.codebook": _P.READ_THEMES,
    "staff_themes.theme": _P.READ_THEMES,
    "staff_themes.comment": _P.CODE_COMMENTS,
    "staff_themes.save_codes": _P.CODE_COMMENTS,
    "staff_themes.undo_codes": _P.CODE_COMMENTS,
    "staff_themes.quote": _P.APPROVE_QUOTES,
    "staff_themes.withdraw_quote": _P.APPROVE_QUOTES,
    "staff_learning.learning": _P.EDIT_CODEBOOK,
    "staff_learning.learn": _P.EDIT_CODEBOOK,
    "staff_learning.read_again": _P.EDIT_CODEBOOK,
    "staff_learning.switch": _P.EDIT_CODEBOOK,
    "staff_learning.decide": _P.EDIT_CODEBOOK,
    "staff_codebook.overview": _P.EDIT_CODEBOOK,
    "staff_codebook.begin": _P.EDIT_CODEBOOK,
    "staff_codebook.draft": _P.EDIT_CODEBOOK,
    "staff_codebook.undo": _P.EDIT_CODEBOOK,
    "staff_codebook.discard": _P.EDIT_CODEBOOK,
    "staff_codebook.publish": _P.EDIT_CODEBOOK,
    "staff_codebook.compare": _P.EDIT_CODEBOOK,
    "staff_codebook.take": _P.EDIT_CODEBOOK,
    "staff_codebook.retire": _P.EDIT_CODEBOOK,
    "staff_codebook_theme.theme": _P.EDIT_CODEBOOK,
    "staff_codebook_theme.save": _P.EDIT_CODEBOOK,
    "staff_codebook_theme.try_one": _P.EDIT_CODEBOOK,
    "staff_codebook_theme.matches": _P.EDIT_CODEBOOK,
    "staff_codebook_theme.new": _P.EDIT_CODEBOOK,
    "staff_codebook_theme.add": _P.EDIT_CODEBOOK,
    "staff_codebook_theme.try_new": _P.EDIT_CODEBOOK,
    "staff_codebook_theme.merge": _P.EDIT_CODEBOOK,
    "staff_codebook_theme.merge_two": _P.EDIT_CODEBOOK,
    "staff_codebook_theme.split": _P.EDIT_CODEBOOK,
    "staff_codebook_theme.split_it": _P.EDIT_CODEBOOK,
    "staff_runs.run": _P.EDIT_CODEBOOK,
    "staff_runs.begin": _P.EDIT_CODEBOOK,
    "staff_runs.pause": _P.EDIT_CODEBOOK,
    "staff_runs.go_on": _P.EDIT_CODEBOOK,
    "staff_runs.give_up": _P.EDIT_CODEBOOK,
    "staff_runs.switch": _P.EDIT_CODEBOOK,
    "staff_runs.undo": _P.EDIT_CODEBOOK,
    "staff_reading.room": _P.USE_READING_ROOM,
    "staff_reading.begin_reading": _P.USE_READING_ROOM,
    "staff_reading.finish_reading": _P.USE_READING_ROOM,
    "staff_reading.waiting": _P.USE_READING_ROOM,
    "staff_reading.next_one": _P.USE_READING_ROOM,
    "staff_reading.item": _P.USE_READING_ROOM,
    "staff_reading.read": _P.USE_READING_ROOM,
    "staff_reading.right": _P.CODE_COMMENTS,
    "staff_reading.flip": _P.CODE_COMMENTS,
    "staff_reading.codes": _P.CODE_COMMENTS,
    "staff_reading.theme": _P.CODE_COMMENTS,
    "staff_reading.concern": _P.USE_READING_ROOM,
    "staff_reading.undo": _P.USE_READING_ROOM,
    "staff_reading.meeting": _P.USE_READING_ROOM,
    "staff_reading.set_meeting": _P.USE_READING_ROOM,
    "staff_quotes.words": _P.CODE_COMMENTS,
    "staff_quotes.hide": _P.CODE_COMMENTS,
    "staff_quotes.approve": _P.APPROVE_QUOTES,
    "staff_quotes.withdraw": _P.APPROVE_QUOTES,
    "staff_quotes.two": _P.MANAGE_SETTINGS,
    "staff_quotes.set_two": _P.MANAGE_SETTINGS,
    "staff_blind.samples": _P.CODE_COMMENTS,
    "staff_blind.draw": _P.CODE_COMMENTS,
    "staff_blind.next_one": _P.CODE_COMMENTS,
    "staff_blind.item": _P.CODE_COMMENTS,
    "staff_blind.code": _P.CODE_COMMENTS,
    "staff_blind.differences": _P.CODE_COMMENTS,
    "staff_blind.settle": _P.CODE_COMMENTS,
    "staff_new_themes.new_themes": _P.READ_THEMES,
    "staff_new_themes.look": _P.EDIT_CODEBOOK,
    "staff_new_themes.suggestion": _P.READ_THEMES,
    "staff_new_themes.name": _P.EDIT_CODEBOOK,
    "staff_new_themes.merge": _P.EDIT_CODEBOOK,
    "staff_new_themes.reject": _P.EDIT_CODEBOOK,
    "staff_new_themes.undo": _P.EDIT_CODEBOOK,
    "staff_agreement.agreement": _P.USE_READING_ROOM,
    "staff_agreement.about": _P.USE_READING_ROOM,
    "staff_agreement.take": _P.USE_READING_ROOM,
    "staff_board.overview": _P.SEE_FIGURES,
    "staff_board.questionnaire": _P.SEE_FIGURES,
    "staff_keeping.overview": _P.KEEP_AND_ERASE,
    "staff_keeping.find": _P.KEEP_AND_ERASE,
    "staff_keeping.answer": _P.KEEP_AND_ERASE,
    "staff_keeping.hold_it": _P.KEEP_AND_ERASE,
    "staff_keeping.end_its_hold": _P.KEEP_AND_ERASE,
    "staff_keeping.ask_for_copy": _P.KEEP_AND_ERASE,
    "staff_keeping.erase_it": _P.KEEP_AND_ERASE,
    "staff_keeping.change_period": _P.KEEP_AND_ERASE,
    "staff_copies.copies": _P.RELEASE_COPIES,
    "staff_copies.copy": _P.RELEASE_COPIES,
    "staff_copies.release": _P.RELEASE_COPIES,
    "staff_copies.refuse": _P.RELEASE_COPIES,
    "staff_copies.take": _P.RELEASE_COPIES,
    "staff_languages.languages": _P.ENTER,
    "staff_paper.forms": _P.INVITE,
    "staff_paper.form_pdf": _P.INVITE,
    "staff_typing.start": _P.INVITE,
    "staff_typing.begin": _P.INVITE,
    "staff_typing.type_form": _P.INVITE,
    "staff_typing.take_form": _P.INVITE,
    "staff_typing.undo_last": _P.INVITE,
    "staff_exits.exits": _P.MANAGE_SETTINGS,
    "staff_exits.edit": _P.MANAGE_SETTINGS,
    "staff_uploads.uploads": _P.INVITE,
    "staff_uploads.empty_sheet": _P.INVITE,
    "staff_uploads.look": _P.INVITE,
    "staff_uploads.upload": _P.INVITE,
    "staff_uploads.keep": _P.INVITE,
    "staff_uploads.drop": _P.INVITE,
    "staff_uploads.undo": _P.INVITE,
    "staff_uploads.refused": _P.INVITE,
    "staff_record.record": _P.SEE_AUDIT,
    "staff_record.take": _P.SEE_AUDIT,
}
# After these the browser is outside, so each is tried with a sign-in of its own.
ENDS_THE_SESSION = frozenset({"staff_account.sign_out_everywhere"})
