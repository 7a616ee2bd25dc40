"""Passwords: the rules they keep, and argon2id for what is stored of them."""

import asyncio
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from trato.access.errors import WeakPassword

MIN_LENGTH = 12
MAX_LENGTH = 256  # a limit on work, far above any phrase
MIN_DIFFERENT = 5

# RFC 9106, section 4, the second recommended option, on one lane: 64 MiB and three passes.
_hasher = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=65_536, parallelism=1),))
# A pool of its own bounds the memory that a flood of sign-ins can take, and keeps the event loop free.
_workers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="argon2")

_COMMON_WORDS = """
abc abcd abcdef administrador administrator admin amor bienvenida bienvenido bienvenidos baseball
changeme clave colombia comercial computer contrasena contraseña contrasenia cambiame dragon empresa
esternocleidomastoideo estrella facebook familia football futbol google hello hola iloveyou
incorrecta instagram internet jesuscristo jesus letmein manchester master mexico microsoft monkey
mypassword pass passphrase passw password passwords princesa princess qwerty qwertyuiop qwertyui
asdfghjkl zxcvbnm argentina brasil secreto secret segredo senha senhas servidor shadow sistema soporte
starwars sunshine superman support suporte teamo teamomucho tequiero test testing trato usuario user
welcome whatever whatsapp trustno ilovejesus administracion contrasenasegura
"""
_COMMON = frozenset(_COMMON_WORDS.split()) | frozenset(word * 2 for word in _COMMON_WORDS.split())
_ROWS = ("0123456789012345678901234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_PLAIN_LETTERS = str.maketrans("013457@$!", "oleastasi")


def normalised(password: str) -> str:
    """Return the password as it is hashed: spaces made plain, then NFC (RFC 8265, section 4.2)."""
    spaced = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in password)
    return unicodedata.normalize("NFC", spaced)


def check_rules(password: str, *, email: str = "", name: str = "") -> None:
    """Raise `WeakPassword` for one that is short, common, monotonous or made of the person's own data.

    There are no rules of composition (NIST SP 800-63B, section 3.1.1.2): they make worse passwords.
    """
    password = normalised(password)
    if len(password) < MIN_LENGTH:
        raise WeakPassword("The password needs at least 12 characters.")
    if len(password) > MAX_LENGTH:
        raise WeakPassword("The password may have 256 characters at most.")
    folded = password.casefold()
    if len(set(folded)) < MIN_DIFFERENT or _is_row(folded):
        raise WeakPassword("The password repeats a few characters or follows a row of keys.")
    if _is_common(folded):
        raise WeakPassword("The password is one of those that are tried first.")
    if _is_personal(folded, email=email.casefold(), name=name.casefold()):
        raise WeakPassword("The password is made of your own name or address.")


def _is_row(folded: str) -> bool:
    return any(folded in row * 2 or folded in row[::-1] * 2 for row in _ROWS)


def _is_common(folded: str) -> bool:
    """Say whether only digits and signs stand around a word that everybody uses."""
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)
    return core in _COMMON or core.translate(_PLAIN_LETTERS) in _COMMON


def _is_personal(folded: str, *, email: str, name: str) -> bool:
    """Say whether fewer than six characters are left without the person's own words."""
    left = folded
    own = [email, *re.split(r"\W+", email), *re.split(r"\W+", name)]
    for word in sorted(own, key=len, reverse=True):
        if len(word) >= 3:  # noqa: PLR2004 - shorter words stand in any phrase
            left = left.replace(word, "")
    return len(left) < MIN_LENGTH // 2 and left != folded


async def hash_password(password: str) -> str:
    """Return the argon2id hash to store, in PHC format."""
    return await asyncio.get_running_loop().run_in_executor(_workers, _hasher.hash, normalised(password))


async def verify(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Say whether the password is right, and return a fresh hash when the stored one has aged.

    Without a stored hash (unknown user, invitation not accepted) the same work is done and the
    answer is no, so that time tells nothing.
    """
    given = normalised(password[: MAX_LENGTH * 2])
    return await asyncio.get_running_loop().run_in_executor(_workers, _verify, given, stored)


def _verify(password: str, stored: str | None) -> tuple[bool, str | None]:
    if stored is None:
        _hasher.verify(password, _nobody())
        return False, None
    try:
        return _hasher.verify_and_update(password, stored)
    except UnknownHashError:
        return False, None


@cache
def _nobody() -> str:
    return _hasher.hash("the password of nobody")
