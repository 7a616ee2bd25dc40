"""Languages are told where the text says enough, and not guessed where it does not."""

import subprocess
import sys

import pytest

from trato.kit.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hola, quiero saber dónde está mi pedido", "es"),
        ("Olá, gostaria de saber onde está meu pedido", "pt"),
        ("Hello, I would like to know where my order is", "en"),
        ("El producto llegó roto y quiero la devolución. Pedido 3322, gracias", "es"),
        ("Meu produto chegou quebrado", "pt"),
        ("Bonjour, où est ma commande ?", "fr"),
        ("QUIERO HABLAR CON UNA PERSONA", "es"),
        ("", None),
        ("ok", None),
        ("12345 https://tienda.example/p?x=1 ana@example.com", None),
        ("👍👍👍👍👍👍👍👍", None),
    ],
)
def test_language(text: str, language: str | None) -> None:
    assert detect_language(text) == language


def test_the_model_is_loaded_at_the_first_use_only() -> None:
    code = "import sys, trato.kit.language, trato.cli.inspect; sys.exit('py3langid' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
