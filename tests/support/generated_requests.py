"""Generated requests for every operation of a description, and what went wrong with them."""

from collections.abc import Callable, Mapping
from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

TRIALS = 60
# What is well formed may still be refused kindly, so only faults and undescribed answers count.
_CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def fuzzed(
    app: Flask,
    description: Mapping[str, Any],
    prepare: Callable[[Case[Any]], None],
    headers: Mapping[str, str] | None = None,
) -> list[str]:
    """Send generated requests for every operation.

    Args:
        app: the application.
        description: its doors, as OpenAPI.
        prepare: may change a request before it is sent, so that some ask for what is there.
        headers: sent with each.

    Returns:
        What went wrong, each with its operation.
    """
    schema = schemathesis.openapi.from_dict(dict(description))
    schema.app = app
    found = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()

        @settings(
            max_examples=TRIALS,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def try_it(case: Case[Any]) -> None:
            prepare(case)
            case.call_and_validate(checks=_CHECKS, headers=dict(headers or {}))

        try:
            try_it()
        except BaseException as fault:  # noqa: BLE001 - a group of faults, as the library raises them
            found.append(f"{operation.label}: {fault!r} {[str(one)[:400] for one in getattr(fault, 'exceptions', [])]}")
    return found
