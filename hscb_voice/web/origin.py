"""Tells what another site's page sends, by the browser's own word. Respondents have no cookie, and so no token.

Pages ask for no referrer, so browsers write `Origin: null` even for our own forms; only Sec-Fetch-Site then tells.
Where a browser sends neither, the sending is taken: without a cookie it can do nothing that its sender could not
do by hand, and a child's words weigh more. On staff pages the token decides then.
"""

from urllib.parse import urlsplit

from werkzeug.datastructures import Headers

_OURS = {"same-origin", "none"}


def comes_from_elsewhere(headers: Headers, host: str) -> bool:
    """Tell whether a browser says that another site's page sent this.

    Args:
        headers: the request's headers.
        host: the host and port that were asked.

    Returns:
        True when it must be refused.
    """
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in _OURS
    origin = headers.get("Origin", "null")
    return origin != "null" and urlsplit(origin).netloc != host
