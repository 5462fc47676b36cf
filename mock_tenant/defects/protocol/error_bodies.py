"""Defects of error responses: their shape, their content, and the secrets or internals that they disclose."""

import traceback

from mock_tenant.behaviour import Behaviour
from mock_tenant.messages import ApiError, ApiRequest, ApiResponse
from mock_tenant.registry import defect


def wrong_shape(status: int, body: object, shape: str, description: str, *, aspect: str = "shape") -> None:
    """Seeds error responses of one status with a body of another shape."""

    @defect(
        f"errors.{status}.{aspect}",
        name=f"body-of-{status}-is-{shape}",
        description=f"The body of a {status} {description}.",
    )
    class WrongShape(Behaviour):
        def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
            response = super().error_response(request, error)
            return response.replace(body=body) if response.status == status else response


for _status in (400, 401, 403, 404, 409):
    wrong_shape(
        _status,
        {"status": str(_status), "message": ["refused"], "fault": {"faultstring": ["refused"]}},
        "of-other-types",
        "has members of other types",
    )
    wrong_shape(_status, ["refused"], "an-array", "is an array")
wrong_shape(
    401,
    {"status": 401, "message": "Invalid access token"},
    "an-error-message",
    "is an error message",
    aspect="fault",
)
wrong_shape(
    401,
    {"fault": {"faultstring": "Invalid access token"}},
    "a-fault-without-detail",
    "is a fault without detail",
    aspect="fault",
)


@defect("errors.403.type")
class ForbiddenHasAnotherType(Behaviour):
    """The type of a 403 is access_denied."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        error.error_type = "access_denied" if error.status == 403 else error.error_type
        return super().error_response(request, error)


@defect("errors.404.details")
class NotFoundHasNoDetails(Behaviour):
    """A 404 has no details."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        error.details = () if error.status == 404 else error.details
        return super().error_response(request, error)


@defect("errors.409.type")
class ConflictHasAnotherType(Behaviour):
    """The type of a 409 is duplicate."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        error.error_type = "duplicate" if error.status == 409 else error.error_type
        return super().error_response(request, error)


@defect("errors.status.equals")
class StatusInErrorsIsAlways400(Behaviour):
    """The status in every error body is 400, regardless of the status of the response."""

    def error_body(self, request: ApiRequest, error: ApiError) -> dict[str, object]:
        return {**super().error_body(request, error), "status": 400}


@defect("errors.body.json")
class ErrorsAreHtml(Behaviour):
    """Error responses are HTML pages."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        response = super().error_response(request, error)
        return response.replace(body=b"<html><body>Refused</body></html>", media_type="text/html")


@defect("errors.body.no-internals")
class ErrorsContainAStackTrace(Behaviour):
    """An error body contains a stack trace."""

    def error_body(self, request: ApiRequest, error: ApiError) -> dict[str, object]:
        stack = "".join(traceback.format_exception(error))
        return {**super().error_body(request, error), "moreInfo": stack}


@defect("errors.body.no-secrets")
class BadRequestsRepeatTheBody(Behaviour):
    """A 400 contains the rejected body, including the password."""

    def error_body(self, request: ApiRequest, error: ApiError) -> dict[str, object]:
        sent = request.content.decode("utf-8", "replace")
        extra = {"moreInfo": f"Sent: {sent}"} if error.status == 400 and sent else {}
        return {**super().error_body(request, error), **extra}


@defect("errors.body.no-secrets")
class ConflictsRepeatThePassword(Behaviour):
    """A 409 contains the password in the request."""

    def error_body(self, request: ApiRequest, error: ApiError) -> dict[str, object]:
        extra = {"moreInfo": str(request.body.get("password"))} if error.status == 409 else {}
        return {**super().error_body(request, error), **extra}


@defect("errors.body.no-secrets")
class FaultsRepeatTheToken(Behaviour):
    """A 401 contains the rejected token."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        if error.status == 401:
            error.message += f": {request.authorization}"
        return super().error_response(request, error)
