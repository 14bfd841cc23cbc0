"""Makes a page smaller that is drawn once and sent often, so that it comes through on a slow line.

What a browser shows, reads aloud and sends stays the same. Only for pages in which nobody has written yet: their own
blanks and lines are theirs.
"""

import re

_BETWEEN_TAGS = re.compile(r">\s*\n\s*(?=<)")
_LINE_END = re.compile(r"\s*\n\s*")
_NAME = re.compile(r'\bid="([thr]-[\w-]+)"')
_DRAWING = re.compile(r'<symbol id="([\w-]+)"( viewBox="[\d ]+")>(.*?)</symbol>')


def trimmed(html: str) -> str:
    """Take out what only readers of templates need.

    Args:
        html: a whole page, no word of a respondent in it.

    Returns:
        The page without indents, without the closing tags at its very end, with each drawing that it shows once
        standing where it is shown, and with short names of what only its own labels point to.
    """
    html = _LINE_END.sub("\n", _BETWEEN_TAGS.sub(">", html)).removesuffix("</body></html>")
    for drawing in _DRAWING.finditer(html):
        name, box, lines = drawing.groups()
        use = f'><use href="#{name}"/></svg>'
        if html.count(f'"#{name}"') == html.count(use) == 1:
            html = html.replace(drawing.group(), "").replace(use, f"{box}>{lines}</svg>")
    return _with_short_names(html)


def _with_short_names(html: str) -> str:
    """Number the headings and hints to which only the page's own labels point."""
    for number, name in enumerate(dict.fromkeys(_NAME.findall(html))):
        pointing = re.compile(rf' (id|aria-labelledby|aria-describedby)="{name}"')
        if len(pointing.findall(html)) == html.count(f'"{name}"') + html.count(f'#{name}"'):
            html = pointing.sub(rf' \1="{number}"', html)
    return html
