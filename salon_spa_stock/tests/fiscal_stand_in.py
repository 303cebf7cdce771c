"""A fiscal printer that answers over HTTP, for tests: it prints on paper that is a list."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FiscalStandIn:
    """Serves on a free port of this machine. ``mode`` says how the next requests are answered:

    - ``print``: prints; a key that was printed before is answered as before
    - ``queue``: takes the receipt, and prints it when it is asked for the second time
    - ``lost``: prints, and the answer is lost on the way
    - ``error``, ``refuse``: HTTP 500 and 422
    - ``garbage``: HTTP 200 with something that is no receipt
    - ``slow``: answers after ``delay`` seconds
    - ``elsewhere``: HTTP 307 to the address ``other``
    """

    def __init__(self, token=""):
        self.mode, self.token, self.delay, self.other = "print", token, 1.0, ""
        # Keys that are refused whatever the mode.
        self.refused = set()
        # What came out of the printer, and every request that came in: (key, payload, headers).
        self.printed, self.requests = {}, []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, key, payload, headers):
        """Return ``(status, body)`` of one request."""
        seen = [known for known, *_rest in self.requests].count(key)
        self.requests.append((key, payload, headers))
        if self.token and headers.get("Authorization") != f"Bearer {self.token}":
            return 401, {"message": "Wrong token"}
        if self.mode == "slow":
            time.sleep(self.delay)
        if self.mode == "error":
            return 500, "Out of paper"
        if self.mode == "refuse" or key in self.refused:
            return 422, {"message": "Unknown tax rate"}
        if self.mode == "elsewhere":
            return 307, ""
        if self.mode == "garbage":
            return 200, "<html>Welcome</html>"
        if self.mode == "queue" and not seen:
            return 202, {"status": "queued"}
        self.printed.setdefault(key, {"number": str(1000 + len(self.printed)), "payload": payload})
        if self.mode == "lost":
            return 502, "Bad gateway"
        number = self.printed[key]["number"]
        return 200, {
            "status": "printed",
            "number": number,
            "qr": f"fn={number}",
            "url": f"https://check.example/{number}",
        }

    def _handler(stand_in):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, body = stand_in.answer(self.headers.get("Idempotency-Key"), payload, dict(self.headers))
                text = (body if isinstance(body, str) else json.dumps(body)).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                if stand_in.mode == "elsewhere":
                    self.send_header("Location", f"{stand_in.other}/receipts")
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *args):
                """Keep the tests' output clean."""

        return Handler
