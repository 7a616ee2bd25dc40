"""A shop's orders as cards for Trato: a source in one file, with nothing but Python.

    python3 examples/order-cards/app.py --secret whsec_… [--port 8400]

It answers signed questions about a customer with an order and its warranty, and does what is pressed there.
"""

import argparse
import base64
import hashlib
import hmac
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TOLERANCE_S = 300  # between the clocks of the two
MAX_BODY = 65_536


def signature(secret, message_id, timestamp, body):
    """Return the signature of Standard Webhooks: HMAC-SHA256 over id, time and body."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def is_signed(secret, headers, body):
    """Say whether a request comes from who has the secret, and was sent just now."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > TOLERANCE_S:
        return False
    expected = signature(secret, message_id, timestamp, body)
    given = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(one.encode(), expected.encode()) for one in given)


class Shop:
    """The orders of a shop, and what was done about them."""

    def __init__(self, path):
        self.orders = json.loads(Path(path).read_text("utf-8"))
        self.done = {}  # by webhook-id: the same press twice is done once

    def order_of(self, asked):
        """Return the order that a question is about: by verified address, customer number or order number."""
        who, facts = asked["contact"], asked.get("facts", {})
        for order in self.orders:
            if (
                order["email"] in who.get("emails", [])
                or order["customer"] in who.get("customer_numbers", [])
                or order["number"] in facts.values()
            ):
                return order
        return None

    def card(self, order):
        """Return an order as a card; a text may be in several languages."""
        return {
            "title": {
                "es": f"Pedido {order['number']}",
                "en": f"Order {order['number']}",
                "pt": f"Pedido {order['number']}",
            },
            "rows": [
                row("Estado", "Status", "Situação", {"type": "status", **order["status"]}),
                row("Total", "Total", "Total", {"type": "money", **order["total"]}),
                row("Entregado", "Delivered", "Entregue", {"type": "date", "at": order["delivered"]}),
                row("Garantía hasta", "Warranty until", "Garantia até", {"type": "date", "at": order["warranty"]}),
            ],
            "items_title": {"es": "Artículos", "en": "Items", "pt": "Itens"},
            "items": [
                {"title": one["name"], "values": [{"type": "money", **one["price"]}]} for one in order["items"]
            ],
            "actions": [
                {
                    "type": "callback",
                    "key": "extend-warranty",
                    "label": {
                        "es": "Extender la garantía un año",
                        "en": "Extend the warranty by a year",
                        "pt": "Estender a garantia por um ano",
                    },
                    "confirm": {
                        "es": "La garantía de este pedido se extiende un año, sin costo.",
                        "en": "The warranty of this order is extended by a year, free of charge.",
                        "pt": "A garantia deste pedido é estendida por um ano, sem custo.",
                    },
                }
            ],
            "keep_s": 60,
        }

    def press(self, message_id, asked):
        """Do what was pressed, once, and return what came of it."""
        order = self.order_of(asked)
        if order is None or asked["action"] != "extend-warranty":
            return {"said": {"es": "No se encontró el pedido.", "en": "No such order.", "pt": "Pedido não encontrado."}}
        if message_id not in self.done:
            year, rest = order["warranty"].split("-", 1)
            order["warranty"] = f"{int(year) + 1}-{rest}"
            self.done[message_id] = True
        said = {"es": "Garantía extendida.", "en": "Warranty extended.", "pt": "Garantia estendida."}
        return {"said": said, "card": self.card(order)}


def row(es, en, pt, value):
    """Return a row whose label is in three languages."""
    return {"label": {"es": es, "en": en, "pt": pt}, "value": value}


def handler(shop, secret):
    """Return what answers requests with a shop's cards."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            length = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(min(length, MAX_BODY))
            if length > MAX_BODY or not is_signed(secret, self.headers, body):
                self.answer(401, b"")
                return
            message = json.loads(body)
            if message["type"] == "card.pressed":
                said = shop.press(self.headers["webhook-id"], message["data"])
            else:
                order = shop.order_of(message["data"])
                said = None if order is None else shop.card(order)
            if said is None:
                self.answer(204, b"")
            else:
                self.answer(200, json.dumps(said, ensure_ascii=False).encode())

        def answer(self, status, body):
            """Send an answer, signed for the question that it answers."""
            message_id, timestamp = self.headers.get("webhook-id", ""), str(int(time.time()))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.send_header("webhook-id", message_id)
            self.send_header("webhook-timestamp", timestamp)
            self.send_header("webhook-signature", signature(secret, message_id, timestamp, body))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Say nothing of whom was asked about."""

    return Handler


def main():
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description="A shop's orders as cards for Trato.")
    parser.add_argument("--secret", required=True, help="what Trato showed when the source was registered")
    parser.add_argument("--port", type=int, default=8400)
    parser.add_argument("--orders", default=str(Path(__file__).with_name("orders.json")))
    given = parser.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", given.port), handler(Shop(given.orders), given.secret))
    print(f"Cards at http://127.0.0.1:{server.server_address[1]}/", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
