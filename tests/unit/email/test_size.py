"""A mail of 50 MB is read in seconds and in bounded memory."""

import subprocess
import sys

import pytest

MEASURE = """
import sys, time
from trato.channels.email.inspection import inspect
size = 50 * 1024 * 1024
head = (b"From: a@b.c\\r\\nSubject: x\\r\\nContent-Type: multipart/mixed; boundary=B\\r\\n\\r\\n"
        b"--B\\r\\n\\r\\nhola\\r\\n"
        b"--B\\r\\nContent-Type: %s\\r\\nContent-Transfer-Encoding: %s\\r\\n\\r\\n")
bodies = {
    "file": head % (b"application/pdf", b"base64") + (b"QUJD" * 19 + b"\\r\\n") * (size // 78) + b"--B--",
    "text": head % (b"text/plain", b"7bit") + b"hola que tal\\r\\n" * (size // 14) + b"--B--",
    "html": head % (b"text/html", b"quoted-printable") + b"<p>hola=C3=B1</p>\\r\\n" * (size // 19) + b"--B--",
}
raw = bodies[sys.argv[1]]
del bodies
start = time.process_time()
found = inspect(raw)
used_s = time.process_time() - start
# not ru_maxrss: that begins with the peak of the process that started this one
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(len(found["attachments"]), used_s, int(peak.split()[1]) / 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "attachments"), [("file", 1), ("text", 0), ("html", 0)])
def test_fifty_megabytes(kind: str, attachments: int) -> None:
    result = subprocess.run([sys.executable, "-c", MEASURE, kind], capture_output=True, text=True, check=True)
    count, used_s, rss_mb = result.stdout.split()
    assert int(count) == attachments
    assert float(used_s) < 10
    assert float(rss_mb) < 500
