"""How the input of a call is read: parameters and body, before anything is looked at."""

# ruff: noqa: ARG002 - a decision is handed whatever an override of it may need
import re
from typing import Any

from mock_tenant.behaviour.base import Ground
from mock_tenant.constants import JSON_TYPE, LARGEST_NUMBER, LISTING, MERGE_PATCH_TYPE
from mock_tenant.json_text import parse
from mock_tenant.requests import Call, Refusal, bad_request, invalid

WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,40}")


class Intake(Ground):
    """Decisions about query parameters and about the form of bodies."""

    def whole_number(self, call: Call, name: str) -> int | None:
        """The value of a paging parameter, at least 1; None where it is left out."""
        text = call.params.get(name)
        if text is None:
            return None
        number = self.number_read(call, name, text)
        if number < self.smallest(call, name):
            raise invalid(name, "The number must be 1 or more.")
        if number >= LARGEST_NUMBER:
            raise invalid(name, "The number is too large.")
        return number

    def number_read(self, call: Call, name: str, text: str) -> int:
        """The whole number that a text spells, or a refusal."""
        if not WHOLE_NUMBER.fullmatch(text):
            raise invalid(name, "The value must be a whole number.")
        return int(text)

    def smallest(self, call: Call, name: str) -> int:
        """The smallest value of a paging parameter."""
        return 1

    def check_notification(self, call: Call) -> None:
        """Refuses a sendPasswordResetNotifications that is no boolean."""
        sent = call.params.get("sendPasswordResetNotifications")
        if sent is not None and not self.flag_read(call, sent):
            raise invalid("sendPasswordResetNotifications", "The value must be true or false.")

    def flag_read(self, call: Call, text: str) -> bool:
        """Whether a text spells a boolean."""
        return text in ("true", "false")

    def read_body(self, call: Call) -> dict[str, Any]:
        """The object in the body; an empty one when there is no body."""
        if not call.content:
            return self.body_left_out(call)
        if not self.media_type_known(call, call.media_type):
            raise Refusal(415, "unsupported_media_type", f"The body must be {JSON_TYPE}.")
        try:
            body = self.body_parsed(call)
        except ValueError as error:
            raise bad_request(f"The body is not JSON: {self.told(error)}.") from error
        if not isinstance(body, dict):
            return self.body_not_object(call, body)
        return body

    def body_left_out(self, call: Call) -> dict[str, Any]:
        """What a request without a body means."""
        return {}

    def media_type_known(self, call: Call, media_type: str) -> bool:
        """Whether a body of this media type can be read; a request that names none is taken for JSON."""
        merges = call.operation in ("upsert", "patch") and media_type == MERGE_PATCH_TYPE
        return media_type in ("", JSON_TYPE) or merges

    def body_parsed(self, call: Call) -> Any:
        """The JSON value of the body; ValueError where it is none."""
        return parse(call.content)

    def body_not_object(self, call: Call, body: Any) -> dict[str, Any]:
        """What a JSON body that is no object means: nothing, it is refused."""
        raise bad_request("The body must be a JSON object.")

    def told(self, error: ValueError) -> str:
        """What may be said of a parser's complaint: not the text that it complains of."""
        return "the text is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error).rstrip(".")

    def query(self, call: Call) -> str | None:
        """The q of a list or a search; None or empty for everything."""
        if call.operation == LISTING[0]:
            return call.params.get("q")
        sent = call.body.get("q")
        if sent is not None and not isinstance(sent, str):
            return self.query_not_text(call, sent)
        if sent is None and "q" in call.body:
            return self.query_not_text(call, sent)
        return sent

    def query_not_text(self, call: Call, sent: object) -> str | None:
        """What a q that is no string means: nothing, it is refused."""
        raise invalid("q", "The value must be a string.")
