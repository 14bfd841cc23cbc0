"""Says in a few words which kind of browser somebody uses, so that they know their own sessions again.

It keeps the kind only: no version, no address, nothing by which one machine could be told from another of its kind.
"""

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
UNKNOWN = "A browser that does not say what it is"


def browser_in_words(user_agent: str) -> str:
    """Return such as “Firefox on Windows”.

    Args:
        user_agent: what the browser says about itself.
    """
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if not browser and not system:
        return UNKNOWN
    return f"{browser or 'A browser'} on {system}" if system else browser
