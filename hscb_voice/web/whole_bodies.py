"""Sees to it that a sending whose end got lost on the way is refused, never kept as if it were whole.

gunicorn says of every body that it ends by itself, and Werkzeug then takes what came for all there was. A child's words
could so be cut in the middle, and the sitting be closed over them. Where a length was announced, it must have come.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class WholeBodies:
    """A WSGI application in front of another, which has Werkzeug count what comes."""

    def __init__(self, application: "WSGIApplication") -> None:
        """Stand before an application.

        Args:
            application: what gets whole bodies only.
        """
        self._application = application

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Hand a request on; reading a body that ends too soon then raises `ClientDisconnected` (400).

        Args:
            environ: the request.
            start_response: takes status and headers.

        Returns:
            The reply's body.
        """
        if environ.get("CONTENT_LENGTH"):
            environ.pop("wsgi.input_terminated", None)
        return self._application(environ, start_response)
