"""`--example-database=redis://…`: what failed on one machine is asked first on all."""

import pytest
import redis
from hypothesis.database import ExampleDatabase
from hypothesis.extra.redis import RedisExampleDatabase

TIMEOUT = 5.0
"""Seconds within which the database answers."""


def shared_examples(url: str) -> ExampleDatabase:
    """The database at this address; pytest.UsageError, which does not repeat a password, where it cannot be used."""
    try:
        server = redis.Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)
        server.ping()
    except (ValueError, redis.RedisError) as error:
        reason = str(error).replace(url, "the address").rstrip(".")
        raise pytest.UsageError(f"--example-database cannot be used: {reason}.") from None
    return RedisExampleDatabase(server)
