"""`--example-database=redis://…`: machines share failing examples, and run them first."""

import pytest
import redis
from hypothesis.database import ExampleDatabase
from hypothesis.extra.redis import RedisExampleDatabase

TIMEOUT = 5.0
"""Seconds within which the database must respond."""


def shared_examples(url: str) -> ExampleDatabase:
    """The database at this address; if it cannot be used, pytest.UsageError without the password of the address."""
    try:
        server = redis.Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)
        server.ping()
    except (ValueError, redis.RedisError) as error:
        reason = str(error).replace(url, "the address").rstrip(".")
        raise pytest.UsageError(f"--example-database cannot be used: {reason}.") from None
    return RedisExampleDatabase(server)
