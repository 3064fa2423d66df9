"""A server that decides by flags: OpenFeature's SDK for Python and its provider for OFREP, with nothing of ours.

PEEKABOO_KEY is a server key, PEEKABOO_URL the hub's address for applications.
"""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

# region create
from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

key = os.environ["PEEKABOO_KEY"]
url = os.environ.get("PEEKABOO_URL", "http://127.0.0.1:6001")

api.set_provider_and_wait(OFREPProvider(url, headers_factory=lambda: {"Authorization": f"Bearer {key}"}))
flags = api.get_client()
# endregion


# region read
def price(user: str, plan: str) -> dict[str, object]:
    context = EvaluationContext(targeting_key=user, attributes={"plan": plan})
    discount = flags.get_integer_value("discount-percent", 0, context)
    return {"price": 80 * (100 - discount) / 100, "discount": discount}


def checkout(user: str, plan: str) -> dict[str, object]:
    context = EvaluationContext(targeting_key=user, attributes={"plan": plan})
    details = flags.get_boolean_details("new-checkout", False, context)
    return {"express": details.value, "variant": details.variant, "reason": details.reason}
# endregion


PAGES = {"/price": price, "/checkout": checkout}


class Shop(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        target = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(target.query).items()}
        page = PAGES.get(target.path)
        if page is None:
            self.send_error(404, f"ask for one of {', '.join(PAGES)}")
            return
        body = json.dumps(page(query.get("user", "nobody"), query.get("plan", "free"))).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Shop) as server:
        print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            api.shutdown()


if __name__ == "__main__":
    main()
