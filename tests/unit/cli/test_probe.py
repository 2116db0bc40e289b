"""The probe of a container: 0 for 200 alone, whatever else there is or is not."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from services.cli.probe import probe


class Handler(BaseHTTPRequestHandler):
    """Ready, not live, and nothing else."""

    def do_GET(self) -> None:
        status = {"/health/ready": 200, "/health/live": 503}.get(self.path, 404)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(b"words")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - As the base class calls it.
        pass


@pytest.fixture
def port() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield str(server.server_address[1])
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("listen", ["", "127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize(("arguments", "code"), [([], 0), (["ready"], 0), (["live"], 1), (["other"], 1)])
def test_answer_becomes_an_exit_code(
    port: str, listen: str, arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert probe({"SWARM_HEALTH_PORT": port, "SWARM_LISTEN": listen}, arguments) == code
    assert capsys.readouterr().out == "words\n"


@pytest.mark.parametrize(("port", "words"), [("", "names no port"), ("tcp://a:1", "names no port"), ("1", "no answer")])
def test_nobody_there_is_a_failure_with_words(port: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert probe({"SWARM_HEALTH_PORT": port}, []) == 1
    assert words in capsys.readouterr().out
