"""A page that was made smaller shows, says and sends the same."""

from hscb_voice.collect.trimming import trimmed

BOX = ' viewBox="0 0 64 64"'
DRAWINGS = f'<svg><symbol id="p-a"{BOX}><path d="M1"/></symbol><symbol id="p-b"{BOX}>B</symbol></svg>'


def test_indents_go_and_words_stay_apart() -> None:
    html = "<p>\n  two\n  words\n</p>\n\n  <p>x</p> <b>y</b>\n</body>\n</html>"
    assert trimmed(html) == "<p>\ntwo\nwords\n</p><p>x</p> <b>y</b>"


def test_a_drawing_that_is_shown_once_stands_where_it_is_shown() -> None:
    once, twice = '<svg class="pic"><use href="#p-a"/></svg>', '<svg><use href="#p-b"/></svg>'
    html = trimmed(f"{once}{twice}{twice}{DRAWINGS}")
    assert html.startswith(f'<svg class="pic" viewBox="0 0 64 64"><path d="M1"/></svg>{twice}{twice}')
    assert html.count("<symbol") == 1


def test_only_names_to_which_nothing_but_labels_points_are_shortened() -> None:
    html = trimmed(
        '<h2 id="t-q1">A</h2><p aria-labelledby="t-q1"></p><i id="c-q1"></i><i id="h-q1"></i><a href="#h-q1"></a>'
    )
    assert html == '<h2 id="0">A</h2><p aria-labelledby="0"></p><i id="c-q1"></i><i id="h-q1"></i><a href="#h-q1"></a>'
