"""Conditions between client and tenant: latency, rate limits, gateway errors, and short-lived tokens."""

import asyncio

from mock_tenant.behaviour import Behaviour
from mock_tenant.clients import Client
from mock_tenant.messages import ApiRequest, ApiResponse
from mock_tenant.registry import variation

BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>"
GATEWAY_TIMEOUT = (
    b"<html><head><title>504 Gateway Time-out</title></head><body>Gateway Time-out</body></html>"
)


def too_many_requests(retry_after: str) -> ApiResponse:
    """A 429 with the seconds after which the request may be repeated."""
    body = {"status": 429, "type": "too_many_requests", "message": "Too many requests."}
    return ApiResponse(429, body, {"Retry-After": retry_after})


@variation()
class Slow(Behaviour):
    """Every response is delayed by 40 milliseconds."""

    async def before_request(self, request: ApiRequest) -> ApiResponse | None:
        await asyncio.sleep(0.04)
        return await super().before_request(request)


@variation()
class Uneven(Behaviour):
    """Responses are delayed by 0 to 20 milliseconds, in an irregular order."""

    async def before_request(self, request: ApiRequest) -> ApiResponse | None:
        await asyncio.sleep(request.number * 7 % 5 * 0.005)
        return await super().before_request(request)


@variation()
class RateLimited(Behaviour):
    """More than 150 requests per second receive 429 with a Retry-After of one second."""

    async def before_request(self, request: ApiRequest) -> ApiResponse | None:
        window = self.state["rate limit"]
        if self.now() - window.get("start", 0.0) >= 1:
            window.update(start=self.now(), served=0)
        window["served"] += 1
        if window["served"] > 150:
            return too_many_requests("1")
        return await super().before_request(request)


@variation()
class RejectsNowAndThen(Behaviour):
    """Every 97th request receives 429 with a Retry-After of zero seconds, regardless of the rate."""

    async def before_request(self, request: ApiRequest) -> ApiResponse | None:
        if self.increment("admission") % 97 == 0:
            return too_many_requests("0")
        return await super().before_request(request)


@variation()
class ShortTokens(Behaviour):
    """The tokens of every client expire after four seconds."""

    def token_lifetime(self, client: Client) -> float:
        return min(super().token_lifetime(client), 4.0)


@variation()
class FlakyGateway(Behaviour):
    """Every 23rd request receives 502 or 503 from a gateway and does not reach the tenant."""

    async def before_request(self, request: ApiRequest) -> ApiResponse | None:
        count = self.increment("gateway")
        if count % 23 == 0:
            return ApiResponse(502 if count % 2 else 503, BAD_GATEWAY, media_type="text/html")
        return await super().before_request(request)


@variation()
class GatewayLosesAnswers(Behaviour):
    """Every 29th response is replaced by a 504 of a gateway, although the tenant has handled the request."""

    def after_request(self, request: ApiRequest, response: ApiResponse) -> ApiResponse:
        response = super().after_request(request, response)
        if self.increment("responses") % 29 == 0:
            return ApiResponse(504, GATEWAY_TIMEOUT, media_type="text/html")
        return response
