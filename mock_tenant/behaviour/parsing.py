"""Parsing of query parameters and bodies."""

# ruff: noqa: ARG002 - a hook receives whatever an override may need
import re
from typing import Any

from mock_tenant.behaviour.base_handler import BaseHandler
from mock_tenant.constants import JSON_TYPE, MAX_PAGING_NUMBER, MERGE_PATCH_TYPE
from mock_tenant.json_codec import parse
from mock_tenant.messages import ApiError, ApiRequest, bad_request, invalid_field

INTEGER = re.compile(r"[+-]?[0-9]{1,40}")


class Parsing(BaseHandler):
    """Hooks for query parameters and for the form of bodies."""

    def paging_parameter(self, request: ApiRequest, name: str) -> int | None:
        """The value of a paging parameter, at least 1; None if it is left out."""
        text = request.params.get(name)
        if text is None:
            return None
        number = self.parse_integer(request, name, text)
        if number < self.paging_minimum(request, name):
            raise invalid_field(name, "The number must be 1 or more.")
        if number >= MAX_PAGING_NUMBER:
            raise invalid_field(name, "The number is too large.")
        return number

    def parse_integer(self, request: ApiRequest, name: str, text: str) -> int:
        """The integer in a text; ApiError 400 if there is none."""
        if not INTEGER.fullmatch(text):
            raise invalid_field(name, "The value must be a whole number.")
        return int(text)

    def paging_minimum(self, request: ApiRequest, name: str) -> int:
        """The minimum of a paging parameter."""
        return 1

    def check_notification_flag(self, request: ApiRequest) -> None:
        """Raises ApiError 400 if sendPasswordResetNotifications is not a boolean."""
        text = request.params.get("sendPasswordResetNotifications")
        if text is not None and not self.is_boolean(request, text):
            raise invalid_field("sendPasswordResetNotifications", "The value must be true or false.")

    def is_boolean(self, request: ApiRequest, text: str) -> bool:
        """Whether a query parameter is a boolean."""
        return text in ("true", "false")

    def read_body(self, request: ApiRequest) -> dict[str, Any]:
        """The JSON object in the body; ApiError 400 or 415 if there is none."""
        if not request.content:
            return self.missing_body(request)
        if not self.is_supported_media_type(request, request.media_type):
            raise ApiError(415, "unsupported_media_type", f"The body must be {JSON_TYPE}.")
        try:
            body = self.parse_body(request)
        except ValueError as error:
            raise bad_request(f"The body is not JSON: {_parser_message(error)}.") from error
        if not isinstance(body, dict):
            return self.non_object_body(request, body)
        return body

    def missing_body(self, request: ApiRequest) -> dict[str, Any]:
        """The object that stands for a missing body."""
        return {}

    def is_supported_media_type(self, request: ApiRequest, media_type: str) -> bool:
        """Whether a body of this media type is accepted; without a Content-Type it is parsed as JSON."""
        is_merge_patch = request.operation in ("upsert", "patch") and media_type == MERGE_PATCH_TYPE
        return media_type in ("", JSON_TYPE) or is_merge_patch

    def parse_body(self, request: ApiRequest) -> Any:
        """The JSON value of the body; ValueError if it is not JSON."""
        return parse(request.content)

    def non_object_body(self, request: ApiRequest, body: Any) -> dict[str, Any]:
        """The object that stands for a JSON body of another type; by default ApiError 400."""
        raise bad_request("The body must be a JSON object.")

    def query_text(self, request: ApiRequest) -> str | None:
        """The q of a list or a search; None or empty if there is none."""
        if request.operation == "list":
            return request.params.get("q")
        q = request.body.get("q")
        if "q" in request.body and not isinstance(q, str):
            return self.non_string_query(request, q)
        return q

    def non_string_query(self, request: ApiRequest, q: object) -> str | None:
        """The query that stands for a q that is not a string; by default ApiError 400."""
        raise invalid_field("q", "The value must be a string.")


def _parser_message(error: ValueError) -> str:
    """The message of a parser, without any part of the text that it could not parse."""
    return "the text is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error).rstrip(".")
