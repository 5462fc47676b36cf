"""What lies between a client and the tenant: delays, limits, gateways, and tokens that end soon."""

import asyncio

from mock_tenant.behaviour import Behaviour
from mock_tenant.directory import Client
from mock_tenant.registry import variation
from mock_tenant.requests import Answer, Call

BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>"
TIMED_OUT = b"<html><head><title>504 Gateway Time-out</title></head><body>Gateway Time-out</body></html>"


@variation()
class Slow(Behaviour):
    """Every answer takes 40 milliseconds longer."""

    async def arrival(self, call: Call) -> Answer | None:
        await asyncio.sleep(0.04)
        return await super().arrival(call)


@variation()
class Uneven(Behaviour):
    """Answers take from 0 to 20 milliseconds longer, in no order that a client could know."""

    async def arrival(self, call: Call) -> Answer | None:
        await asyncio.sleep(call.number * 7 % 5 * 0.005)
        return await super().arrival(call)


@variation()
class RateLimited(Behaviour):
    """More than 150 requests in a second are answered 429 with a Retry-After of one second."""

    async def arrival(self, call: Call) -> Answer | None:
        window = self.notes["rate"]
        if self.now() - window.get("start", 0.0) >= 1:
            window.update(start=self.now(), served=0)
        window["served"] += 1
        if window["served"] > 150:
            body = {"status": 429, "type": "too_many_requests", "message": "Too many requests."}
            return Answer(429, body, {"Retry-After": "1"})
        return await super().arrival(call)


@variation()
class ShortTokens(Behaviour):
    """The tokens of every client live four seconds."""

    def token_life(self, client: Client) -> float:
        return min(super().token_life(client), 4.0)


@variation()
class FlakyGateway(Behaviour):
    """Every 23rd request is answered 502 or 503 by a gateway and never reaches the tenant."""

    async def arrival(self, call: Call) -> Answer | None:
        turn = self.turn("gateway")
        if turn % 23 == 0:
            return Answer(502 if turn % 2 else 503, BAD_GATEWAY, media_type="text/html")
        return await super().arrival(call)


@variation()
class GatewayLosesAnswers(Behaviour):
    """Every 29th answer is replaced by a gateway's 504, though the tenant has done what was asked."""

    def departure(self, call: Call, answer: Answer) -> Answer:
        answer = super().departure(call, answer)
        if self.turn("answers") % 29 == 0:
            return Answer(504, TIMED_OUT, media_type="text/html")
        return answer
