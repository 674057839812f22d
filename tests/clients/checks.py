"""Checks that print a line each, and the end of a run."""

import ssl
import sys
import traceback
from urllib.parse import urlsplit


class Checks:
    """Runs functions as checks; a failed assertion or another exception fails the check."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def run(self, name, check):
        try:
            result = check()
        except Exception as error:  # every exception is a failed check
            self.failed += 1
            print(f"FAILED  {name}: {type(error).__name__}: {error}", flush=True)
            traceback.print_exc()
            return None
        self.passed += 1
        print(f"ok      {name}", flush=True)
        return result

    def end(self, title):
        print(f"{title}: {self.passed} passed, {self.failed} failed", flush=True)
        sys.exit(1 if self.failed or not self.passed else 0)


def raises(kind, call, *words):
    """The exception of that kind that the call raises; all the words are in its text."""
    try:
        result = call()
    except kind as error:
        for word in words:
            assert word in str(error), f"{word} is not in {error}"
        return error
    raise AssertionError(f"no {kind.__name__}, but {result!r}")


def certificate(url, path):
    """Writes the certificate that the server shows, to be trusted from here on."""
    parts = urlsplit(url)
    with open(path, "w") as file:
        file.write(ssl.get_server_certificate((parts.hostname, parts.port)))
    return path
