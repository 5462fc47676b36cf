"""Defects of status codes: successes and errors with a wrong status."""

from mock_tenant.behaviour import Behaviour
from mock_tenant.messages import ApiError, ApiRequest, ApiResponse
from mock_tenant.registry import defect, operation_defects


def wrong_success_status(operation: str, right: int, wrong: int, clause: str) -> None:
    """Seeds a successful response with a wrong status."""

    @operation_defects(
        [operation],
        clause,
        name=f"{{}}-answers-{wrong}-for-{right}",
        description=f"{{}} returns {wrong} instead of {right}.",
    )
    class WrongSuccessStatus(Behaviour):
        def success_status(self, request: ApiRequest, status: int) -> int:
            return wrong if status == right else super().success_status(request, status)


wrong_success_status("create", 201, 200, "create.status.created")
wrong_success_status("create", 201, 202, "create.status.created")
wrong_success_status("list", 200, 206, "list.status.ok")
wrong_success_status("search", 200, 201, "search.status.ok")
wrong_success_status("get", 200, 203, "get.status.ok")
wrong_success_status("upsert", 201, 200, "upsert.create.status")
wrong_success_status("upsert", 204, 200, "upsert.update.status")
wrong_success_status("upsert", 204, 201, "upsert.update.status")
wrong_success_status("patch", 200, 202, "patch.status.ok")
wrong_success_status("patch", 200, 204, "patch.status.ok")
wrong_success_status("delete", 202, 200, "delete.status.accepted")
wrong_success_status("delete", 202, 204, "delete.status.accepted")


def wrong_error_status(operation: str, right: int, wrong: int, clause: str, *also_violates: str) -> None:
    """Seeds an error response with a wrong status."""

    @operation_defects(
        [operation],
        clause,
        name=f"{{}}-refuses-with-{wrong}-for-{right}",
        description=f"{{}} returns the error {wrong} instead of {right}.",
        also_violates=also_violates,
    )
    class WrongErrorStatus(Behaviour):
        def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
            error.status = wrong if error.status == right else error.status
            return super().error_response(request, error)


wrong_error_status("create", 409, 400, "create.email.unique", "create.id.unique")
wrong_error_status("upsert", 409, 400, "upsert.email.unique")
wrong_error_status("get", 404, 400, "get.unknown.not-found", "get.id.case-sensitive", "delete.gone.get")
wrong_error_status("patch", 404, 400, "patch.unknown.not-found", "patch.id.case-sensitive")
wrong_error_status(
    "delete", 404, 400, "delete.unknown.not-found", "delete.twice.not-found", "delete.id.case-sensitive"
)


@defect("get.unknown.not-found")
class GetUnknownAnswersEmptyObject(Behaviour):
    """Get of a customer that does not exist returns 200 with an empty object."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        if request.operation == "get" and error.status == 404:
            return ApiResponse(200, {})
        return super().error_response(request, error)


@defect("delete.unknown.not-found")
class DeleteUnknownIsAccepted(Behaviour):
    """Delete of a customer that never existed returns 202."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        never_existed = error.status == 404 and request.customer_number not in request.tenant.deleted_ids
        if request.operation == "delete" and never_existed:
            return ApiResponse(202)
        return super().error_response(request, error)


@defect("delete.twice.not-found")
class SecondDeleteIsAccepted(Behaviour):
    """Delete of a customer that is already deleted returns 202."""

    def error_response(self, request: ApiRequest, error: ApiError) -> ApiResponse:
        is_repeated = error.status == 404 and request.customer_number in request.tenant.deleted_ids
        if request.operation == "delete" and is_repeated:
            return ApiResponse(202)
        return super().error_response(request, error)
