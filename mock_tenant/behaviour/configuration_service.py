"""The sibling services that describe a tenant: its configuration, and its sites."""

from mock_tenant.behaviour.access import Access
from mock_tenant.constants import CONFIGURATION_SCOPE
from mock_tenant.messages import ApiError, ApiRequest, ApiResponse, forbidden


class ConfigurationService(Access):
    """The configurations of a tenant by key, for tokens with the scope of that service; its sites, for every token."""

    def handle_description_request(self, request: ApiRequest) -> ApiResponse:
        """The response to a request of the operation `configurations` or `sites`."""
        try:
            request.grant = self.find_grant(request)
            if not self.grants_tenant(request, request.grant):
                raise forbidden()
            if request.operation == "sites":
                return ApiResponse(200, [{"code": code, "active": True} for code in self.configuration.sites])
            if CONFIGURATION_SCOPE not in request.grant.scopes:
                raise forbidden()
        except ApiError as error:
            return self.error_response(request, error)
        keys = [key for key in request.params.get("keys", "").split(",") if key]
        return ApiResponse(
            200, [entry for entry in self._configurations() if not keys or entry["key"] in keys]
        )

    def _configurations(self) -> list[dict[str, object]]:
        configuration = self.configuration
        values = {
            "restrictions": configuration.restrictions,
            "enableSyncBetweenRestrictionsAndSiteCodes": configuration.sync_restrictions_with_sites,
            "enableRecreationOfDeletedCustomer": configuration.recreate_deleted,
            "customerActiveOnCreation": configuration.active_on_creation,
            "customerOnHoldOnCreation": configuration.on_hold_on_creation,
        }
        return [
            {"key": key, "value": value, "secured": False, "version": 1}
            for key, value in values.items()
            if value is not None
        ]
