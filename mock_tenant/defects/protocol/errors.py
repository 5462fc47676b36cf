"""Refusals that do not look as published, reveal too much, or break down; and HTTP that is not kept to."""

# ruff: noqa: ARG002 - a lie takes what the truth takes, and need not look at it
import traceback

from mock_tenant.behaviour import Behaviour
from mock_tenant.registry import defect, plant
from mock_tenant.requests import Answer, Call, Refusal


def misshapen(status: int, body: object, said: str) -> None:
    """Plants refusals of one status with another body."""

    class Misshapen(Behaviour):
        def refused(self, call: Call, refusal: Refusal) -> Answer:
            answer = super().refused(call, refusal)
            return answer.but(body=body) if answer.status == status else answer

    plant(
        f"errors.{status}.shape",
        Misshapen,
        name=f"body-of-{status}-is-{said.replace(' ', '-')}",
        lie=f"The body of a {status} is {said}.",
    )


for _status in (400, 403, 404, 409):
    misshapen(_status, {"status": str(_status), "message": ["refused"]}, "of other types")
    misshapen(_status, ["refused"], "an array")
misshapen(401, {"status": 401, "message": "Invalid access token"}, "an error message")
misshapen(401, {"fault": {"faultstring": "Invalid access token"}}, "a fault without detail")


@defect("errors.403.type")
class ForbiddenHasAnotherType(Behaviour):
    """A 403 names the type access_denied."""

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        refusal.kind = "access_denied" if refusal.status == 403 else refusal.kind
        return super().refused(call, refusal)


@defect("errors.404.details")
class NotFoundHasNoDetails(Behaviour):
    """A 404 holds no details."""

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        refusal.details = () if refusal.status == 404 else refusal.details
        return super().refused(call, refusal)


@defect("errors.409.type")
class ConflictHasAnotherType(Behaviour):
    """A 409 names the type duplicate."""

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        refusal.kind = "duplicate" if refusal.status == 409 else refusal.kind
        return super().refused(call, refusal)


@defect("errors.status.equals")
class StatusInErrorsIsAlways400(Behaviour):
    """Every error body says 400, whatever the response's status."""

    def error_message(self, call: Call, refusal: Refusal) -> dict[str, object]:
        return {**super().error_message(call, refusal), "status": 400}


@defect("errors.body.json")
class ErrorsAreHtml(Behaviour):
    """Refusals are pages of HTML."""

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        answer = super().refused(call, refusal)
        return answer.but(body=b"<html><body>Refused</body></html>", media_type="text/html")


@defect("errors.body.no-internals")
class ErrorsShowTheStack(Behaviour):
    """A refusal shows where in the code it was raised."""

    def error_message(self, call: Call, refusal: Refusal) -> dict[str, object]:
        stack = "".join(traceback.format_exception(refusal))
        return {**super().error_message(call, refusal), "moreInfo": stack}


@defect("errors.body.no-secrets")
class RefusalsRepeatTheBody(Behaviour):
    """A 400 repeats the body it refuses, the password included."""

    def error_message(self, call: Call, refusal: Refusal) -> dict[str, object]:
        sent = call.content.decode("utf-8", "replace")
        more = {"moreInfo": f"Sent: {sent}"} if refusal.status == 400 and sent else {}
        return {**super().error_message(call, refusal), **more}


@defect("errors.body.no-secrets")
class ConflictsRepeatThePassword(Behaviour):
    """A 409 tells the password that it was sent."""

    def error_message(self, call: Call, refusal: Refusal) -> dict[str, object]:
        told = {"moreInfo": str(call.body.get("password"))} if refusal.status == 409 else {}
        return {**super().error_message(call, refusal), **told}


@defect("errors.body.no-secrets")
class FaultsRepeatTheToken(Behaviour):
    """A 401 repeats the token it refuses."""

    def refused(self, call: Call, refusal: Refusal) -> Answer:
        if refusal.status == 401:
            refusal.message += f": {call.authorization}"
        return super().refused(call, refusal)


def unlisted_method(resource: str, clause: str, status: int) -> None:
    """Plants a resource that answers a method it lacks otherwise than with 405."""

    class Unlisted(Behaviour):
        def method_lacking(self, kind: str, method: str, methods: tuple[str, ...]) -> Answer:
            answer = super().method_lacking(kind, method, methods)
            return answer.but(status=status) if kind == resource else answer

    plant(
        clause,
        Unlisted,
        name=f"{resource}-answers-{status}-to-methods-it-lacks",
        lie=f"A method that the {resource} lacks is answered {status}.",
    )


unlisted_method("collection", "http.method.collection", 404)
unlisted_method("collection", "http.method.collection", 200)
unlisted_method("item", "http.method.item", 404)
unlisted_method("item", "http.method.item", 501)


@defect("http.method.allow")
class AllowIsLeftOut(Behaviour):
    """A 405 does not say which methods there are."""

    def method_lacking(self, resource: str, method: str, methods: tuple[str, ...]) -> Answer:
        return super().method_lacking(resource, method, methods).but(headers={})


@defect("http.method.allow")
class AllowNamesTheWrongMethods(Behaviour):
    """A 405 names GET alone in Allow."""

    def method_lacking(self, resource: str, method: str, methods: tuple[str, ...]) -> Answer:
        return super().method_lacking(resource, method, ("GET",))


@defect("http.content-type.json")
class AnswersSayTextPlain(Behaviour):
    """Successful answers with a body say text/plain."""

    def departure(self, call: Call, answer: Answer) -> Answer:
        answer = super().departure(call, answer)
        return answer.but(media_type="text/plain") if answer.status < 300 else answer


@defect("http.content-type.json")
class CreateSaysTextHtml(Behaviour):
    """The answer to a create says text/html."""

    def departure(self, call: Call, answer: Answer) -> Answer:
        answer = super().departure(call, answer)
        return answer.but(media_type="text/html") if answer.status == 201 else answer


@defect("http.media-type.unsupported")
class EveryMediaTypeIsJson(Behaviour):
    """A body of whatever media type is read as JSON."""

    def media_type_known(self, call: Call, media_type: str) -> bool:
        return True


@defect("http.media-type.charset")
class CharsetsAreUnknown(Behaviour):
    """A body of application/json with a charset beside it is answered 415."""

    def media_type_known(self, call: Call, media_type: str) -> bool:
        named = "charset" in call.headers.get("content-type", "")
        return not named and super().media_type_known(call, media_type)


@defect("limits.url-length")
class LongQueriesAreTooLong(Behaviour):
    """A URL of more than a kilobyte is answered 414."""

    async def arrival(self, call: Call) -> Answer | None:
        long = sum(map(len, call.params.values())) > 1024
        return Answer(414, {"status": 414}) if long else await super().arrival(call)
