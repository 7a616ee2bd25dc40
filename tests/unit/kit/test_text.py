"""Text from outside keeps its words and loses what would trip a database or a reader."""

from trato.kit.text import clean, one_line


def test_controls_and_lone_surrogates_go_and_words_stay():
    assert clean("a\x00b\x1b[31m\tc\r\n\ud800 🧊") == "ab[31m\tc\r\n\ufffd 🧊"


def test_nothing_shows_in_another_order_than_it_has():
    assert clean("factura\u202efdp.exe\u202c") == "facturafdp.exe"
    assert clean("\u2067שלום\u2069 hola") == "\u2067שלום\u2069 hola"


def test_a_name_cannot_reorder_the_line_it_stands_in():
    assert one_line("Ana\u202e\u2067\u200f\nRuiz", 120) == "Ana Ruiz"
    assert one_line("شركة النور", 120) == "شركة النور"
