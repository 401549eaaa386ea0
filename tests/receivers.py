"""Places where alerts arrive, on loopback: a webhook and a mail server that remember what they were sent."""

from __future__ import annotations

import json
import socketserver
import time
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@contextmanager
def webhook(*answers):
    """A server that gives one answer after another, then 200: a status, a dict (200 with it as JSON), seconds to wait (float).

    Yields the server: `port`, and `received`, the JSON bodies with what was asked as "path".
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = waiting.pop(0) if waiting else 200
            if isinstance(answer, float):
                server.stop.append(answer)
                time.sleep(answer)
                answer = 200
            server.received.append({**body, "path": self.path, "answer": answer})
            self.send_response(answer if isinstance(answer, int) else 200)
            self.end_headers()
            self.wfile.write(json.dumps(answer if isinstance(answer, dict) else {"errcode": 0}).encode())

        def log_message(self, *_):
            pass

    waiting = list(answers)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.received, server.stop, server.port = [], [], server.server_address[1]
    with _running(server):
        yield server


@contextmanager
def mailbox(refused=()):
    """A mail server; yields it: `port` and `received`, pairs of recipient and parsed message. Some are `refused`."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"220 test\r\n")
            recipients = []
            for line in self.rfile:
                command, _, rest = line.decode().strip().partition(" ")
                command = command.upper()
                if command == "DATA":
                    self.wfile.write(b"354 go\r\n")
                    data = b""
                    while (more := self.rfile.readline()) != b".\r\n":
                        data += more.removeprefix(b".")
                    message = message_from_bytes(data, policy=policy.default)
                    server.received += [(recipient, message) for recipient in recipients]
                    recipients = []
                elif command == "RCPT":
                    recipient = rest.partition("<")[2].partition(">")[0]
                    if recipient in refused:
                        self.wfile.write(b"550 no such person\r\n")
                        continue
                    recipients.append(recipient)
                elif command == "QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                self.wfile.write(b"250 ok\r\n")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.received, server.port = [], server.server_address[1]
    with _running(server):
        yield server


@contextmanager
def _running(server):
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
