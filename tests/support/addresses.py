"""Addresses of every route there is, made from the map of addresses itself, with subjects that do not exist."""

from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule

NO_SUCH = "00000000-0000-4000-8000-000000000000"
_NO_SUCH_NUMBER = 999_999


def address_of(app: Flask, rule: Rule) -> str:
    """Return an address of a route, with a subject that does not exist."""
    values = {name: _nobodys(converter) for name, converter in rule._converters.items()}
    return str(app.url_map.bind("localhost").build(rule.endpoint, values, method=method_of(rule)))


def method_of(rule: Rule) -> str:
    """Return GET where a route takes it, else the method that it takes."""
    methods = rule.methods or set()
    return "GET" if "GET" in methods else min(methods - {"OPTIONS", "HEAD"}, default="GET")


def _nobodys(converter: BaseConverter) -> int | str:
    """Return a value that fits an address and belongs to nothing; one of its words, where only some are taken."""
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return _NO_SUCH_NUMBER if isinstance(converter, IntegerConverter) else NO_SUCH
