"""The fictitious shop of the demonstration: its people, its customers and their matters, all invented."""

from dataclasses import dataclass, field
from datetime import timedelta

NAME = "Heladeras del Sur"
TIME_ZONE = "America/Argentina/Buenos_Aires"
HOURS = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")} | {
    "sat": [["10:00", "14:00"]]
}
SIGNATURE = "Heladeras del Sur · Atención al cliente"
CUSTOMER = {"user_id": "88120", "name": "Pedro Gómez", "email": "pedro.gomez@clientes.invalid"}
PASSWORD = "demostracion-2026"  # noqa: S105  printed at the start, for a shop that does not exist


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody of the shop."""

    name: str
    email: str
    role: str


STAFF = (
    Staff("Sofía Méndez", "sofia@demo.invalid", "administrator"),
    Staff("Martín Rey", "martin@demo.invalid", "supervisor"),
    Staff("Camila Duarte", "camila@demo.invalid", "agent"),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said: by the customer (`in`), by us (`out`) or among us (`note`)."""

    who: str
    text: str
    ago: timedelta


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a matter, and how long ago it was done."""

    title: str
    state: str
    done: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A customer and their matter."""

    name: str
    email: str
    title: str
    turns: tuple[Turn, ...]
    steps: tuple[Step, ...] = ()
    promised_in: timedelta | None = None
    prefers: str = "unknown"
    tone: str | None = None
    verified: bool = False
    files: tuple[tuple[str, bytes], ...] = field(default=())


def _h(hours: float) -> timedelta:
    return timedelta(hours=hours)


STORIES = (
    Story(
        "Pedro Gómez",
        "pedro.gomez@clientes.invalid",
        "Problemas con la garantía",
        (
            Turn("in", "La heladera dejó de enfriar a los tres meses. Adjunto la factura.", _h(50)),
            Turn(
                "out",
                "Hola Pedro. Retiramos el equipo mañana por la mañana; el taller lo recibe el mismo día.",
                _h(47),
            ),
            Turn(
                "note",
                "El taller confirma ingreso mañana a primera hora. Le prometí novedades antes del viernes.",
                _h(26),
            ),
            Turn("in", "¿Ya llegó al taller? Me habían dicho el lunes.", _h(0.2)),
        ),
        (
            Step("Reclamo abierto", "done", _h(50)),
            Step("Retiro del equipo", "done", _h(24)),
            Step("Ingreso al taller", "done", _h(4)),
            Step("Diagnóstico", "now"),
            Step("Reparación o cambio", "later"),
        ),
        promised_in=timedelta(days=2),
        prefers="person",
        tone="usted",
        verified=True,
        files=(("factura.txt", b"Factura 0001-00088120\nHeladera con freezer\n"),),
    ),
    Story(
        "Lucía Ferreyra",
        "lucia.ferreyra@clientes.invalid",
        "Pago rechazado",
        (
            Turn(
                "in", "El pago con tarjeta me da error desde ayer. Es la tercera vez que lo explico.", _h(1.1)
            ),
        ),
        promised_in=timedelta(hours=3),
        tone="vos",
    ),
    Story(
        "Marcos Ibarra",
        "marcos.ibarra@clientes.invalid",
        "Pedido 88120",
        (
            Turn("in", "Hola, quería saber cuándo llega mi pedido 88120.", _h(30)),
            Turn("out", "Hola Marcos. Para ubicarlo necesito la factura: ¿me la envía por aquí?", _h(28)),
            Turn("in", "Adjunto la factura que me pidieron.", _h(0.4)),
        ),
        files=(("factura-88120.txt", b"Factura 0001-00088120\n"),),
    ),
    Story(
        "Beatriz Souza",
        "beatriz.souza@clientes.invalid",
        "Troca de produto",
        (Turn("in", "Bom dia. Recebi o modelo errado e gostaria de trocar. Como faço?", _h(0.8)),),
    ),
    Story(
        "James Carter",
        "james.carter@clientes.invalid",
        "Spare part",
        (
            Turn("in", "Hello, do you ship the door seal for the FX-200 to Uruguay?", _h(20)),
            Turn(
                "out",
                "Hello James. Yes, we do: it takes about five working days and costs 18 dollars.",
                _h(18),
            ),
        ),
    ),
)
