import os
import signal
import time

import psycopg
import pytest

from portal.servers import postgres
from portal.servers.files import ServerError, state_lock
from portal.servers.postgres import Postgres

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with Postgres(tmp_path_factory.mktemp("cluster") / "postgres") as running:
        yield running


def ask(server, question):
    with psycopg.connect(server.url) as connection:
        return connection.execute(question).fetchone()[0]


def test_the_application_finds_its_database_with_chinese_letters(cluster):
    assert ask(cluster, "select current_database()") == "portal"
    assert ask(cluster, "select datctype from pg_database where datname = 'portal'") == "C.UTF-8"


def test_nobody_enters_without_the_password(cluster):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"postgres://portal:guess@127.0.0.1:{cluster.port}/portal")


def test_files_are_closed_to_others(cluster):
    closed = [cluster.home, cluster.data, cluster.home / "password"]

    assert [path.stat().st_mode & 0o077 for path in closed] == [0, 0, 0]


def test_it_comes_back_on_the_same_port_after_kill_9(cluster):
    port = cluster.port
    with psycopg.connect(cluster.url) as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept values (7)")

    os.kill(cluster.process.pid, signal.SIGKILL)
    cluster.start()

    assert (cluster.port, ask(cluster, "select n from kept")) == (port, 7)


def test_a_survivor_of_a_killed_start_is_ended_first(cluster):
    survivor = cluster.process
    successor = Postgres(cluster.home)

    successor.start()

    assert survivor.wait(5) is not None
    assert ask(successor, "select 1") == 1
    successor.stop()
    cluster.start()


def test_a_pid_file_that_names_another_process_is_forgotten(tmp_path):
    server = Postgres(tmp_path / "postgres", durable=False)
    server.start().stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n")

    with server:
        assert ask(server, "select 1") == 1


def test_stopping_is_quick_and_leaves_no_process(tmp_path):
    server = Postgres(tmp_path / "postgres", durable=False).start()
    pid = server.process.pid
    began = time.monotonic()

    server.stop()

    assert time.monotonic() - began < 5
    assert not postgres.runs_postgres_in(pid, server.data)


def test_a_server_that_cannot_start_shows_the_end_of_its_log(tmp_path):
    server = Postgres(tmp_path / "postgres", durable=False, settings={"no_such_setting": "1"})

    with pytest.raises(ServerError, match="no_such_setting"):
        server.start()


def test_a_second_holder_of_the_state_directory_is_told_the_pid_of_the_first(tmp_path):
    with state_lock(tmp_path), pytest.raises(ServerError, match=f"pid {os.getpid()}"), state_lock(tmp_path):
        pass
