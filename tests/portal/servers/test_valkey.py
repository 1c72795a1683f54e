import os
import signal

import pytest
import redis

from portal.servers.valkey import Valkey


@pytest.fixture
def valkey(tmp_path):
    with Valkey(tmp_path / "valkey") as running:
        yield running


def test_it_evicts_nothing_and_keeps_an_append_only_file(valkey):
    with redis.Redis.from_url(valkey.url, decode_responses=True) as client:
        wanted = client.config_get("maxmemory-policy", "appendonly", "appendfsync", "save")

    assert wanted == {
        "maxmemory-policy": "noeviction",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
    }


def test_nobody_enters_without_the_password(valkey):
    with redis.Redis(port=valkey.port) as client, pytest.raises(redis.AuthenticationError):
        client.ping()


def test_what_was_written_is_there_after_kill_9(valkey):
    with redis.Redis.from_url(valkey.url) as client:
        client.config_set("appendfsync", "always")
        client.rpush("queue", "one")

    os.kill(valkey.process.pid, signal.SIGKILL)
    valkey.process.wait()
    valkey.start()

    with redis.Redis.from_url(valkey.url) as client:
        assert client.lrange("queue", 0, -1) == [b"one"]
