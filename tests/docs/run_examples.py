#!/usr/bin/env python3
"""Runs the examples of a documentation page against a service and compares the output with the page.

Usage: run_examples.py PAGE [--url URL] [--replace PAGE'S=ACTUAL]... [--directory DIR] [--update]

Between <!-- examples --> and <!-- /examples -->, every fenced `sh` block runs, in order, in one bash (so variables stay), and must
succeed. A `json` or `text` block that follows is the expected output. Values that differ between runs (ids, times, ports, digests)
are compared by their shape, and an id that is repeated on the page must be repeated in the output.
Commands run in DIR, by default a temporary directory.
--update writes the output of this run into the page. URL replaces `http://127.0.0.1:9000` of the page; --replace adds replacements.
"""
import argparse
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

DOCUMENTED = "http://127.0.0.1:9000"
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```[ \t]*$", re.M | re.S)
REGION = re.compile(r"<!-- examples -->(.*?)<!-- /examples -->", re.S)

# The order matters: a value comes before the values it contains. `True` numbers each value in the order of its first appearance.
VOLATILE = [
    ("request", re.compile(r"req-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), False),
    ("time", re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)?|(?<!\d)\d{14}(?=_)"), False),
    ("temp", re.compile(r"temp_vol_[0-9a-f]{3}-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{2}"), True),
    ("uuid", re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), True),
    ("digest", re.compile(r"\b[0-9a-f]{32,128}\b|\b(?:[0-9a-f]{2}:){15}[0-9a-f]{2}\b"), False),
    ("name", re.compile(r"-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{2}(?=_)"), True),
    ("figure", re.compile(r'(?<="ova_size": )\d+|(?<="stored_size": )\d+|(?<="rate_bytes_per_second": )[\d.]+|(?<="uptime": )[\d.]+|(?<="seconds": )[\d.]+'), False),
    ("audit", re.compile(r'(?<="audit_ids": \[\n      ")[\w-]{22}'), False),
    ("port", re.compile(r"(?<=127\.0\.0\.1:)\d+"), False),
]
FIXED = {"40a58846608e4e908c43b547d4dfb58c", "9c219888-1ab0-429e-9282-7cbc6957c839"}


class Shapes:
    """Replaces values that differ between runs by placeholders."""

    def __init__(self):
        self.seen = {}

    def of(self, text):
        text = canonical(text)
        for word, pattern, numbered in VOLATILE:
            text = pattern.sub(lambda match: self.word(word, match.group(), numbered), text)
        return text.strip()

    def word(self, word, value, numbered):
        if value in FIXED:
            return value
        return f"<{word} {self.seen.setdefault(value, len(self.seen) + 1)}>" if numbered else f"<{word}>"


def canonical(text):
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except json.JSONDecodeError:
        return text


class Shell:
    """One bash for the whole page."""

    def __init__(self, directory):
        self.process = subprocess.Popen(
            ["bash"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=directory,
            start_new_session=True)

    def run(self, commands):
        end = f"end-{uuid.uuid4().hex}"
        # A block fails if any of its commands fails whose exit code is not tested.
        self.process.stdin.write(f"trap 'failed=$?' ERR; failed=0\n{commands}\nprintf '\\n%s %s\\n' {end} $failed\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line.startswith(end):
                return "".join(lines)[:-1], int(line.split()[1])
            lines.append(line)
        raise SystemExit(f"the shell ended while it ran:\n{commands}\n{''.join(lines)}")

    def end(self):
        """Stops the processes that the page started, and waits until they have ended."""
        deadline = time.monotonic() + 20
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()
        with contextlib.suppress(ProcessLookupError):
            while time.monotonic() < deadline:
                os.killpg(self.process.pid, 0)
                time.sleep(0.05)
            os.killpg(self.process.pid, signal.SIGKILL)


def run_examples(page, stands_for, directory, update):
    text = page.read_text(encoding="utf-8")
    shell = Shell(directory)
    expected_shapes, found_shapes = Shapes(), Shapes()
    ran, compared, differences, edits = 0, 0, [], []
    try:
        for region in REGION.finditer(text):
            output = None
            for fence in FENCE.finditer(text, region.start(), region.end()):
                kind, body = fence.groups()
                if kind == "sh":
                    for documented, actual in stands_for:
                        body = body.replace(documented, actual)
                    output, code = shell.run(body)
                    for documented, actual in stands_for:
                        output = output.replace(actual, documented)
                    ran += 1
                    if code:
                        differences.append(f"{place(text, fence)}: exit code {code}\n{body}{output}")
                elif kind in ("json", "text") and output is not None:
                    compared += 1
                    shown = canonical(output) if kind == "json" else output
                    edits.append((fence.start(2), fence.end(2), shown.strip() + "\n"))
                    expected, found = expected_shapes.of(body), found_shapes.of(output)
                    if expected != found and not update:
                        differences.append(f"{place(text, fence)}: the page has\n{expected}\nand the output is\n{found}")
                    output = None
    finally:
        shell.end()
    if update:
        for start, end, shown in reversed(edits):
            text = text[:start] + shown + text[end:]
        page.write_text(text, encoding="utf-8")
    for difference in differences:
        print(difference, end="\n\n")
    print(f"{page.name}: {ran} blocks run, {compared} outputs compared, {len(differences)} differ")
    return ran > 0 and not differences


def place(text, fence):
    return f"line {text.count(chr(10), 0, fence.start()) + 1}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path)
    parser.add_argument("--url", default=DOCUMENTED, help="the address of a fresh service")
    parser.add_argument("--replace", action="append", default=[], metavar="DOCUMENTED=ACTUAL", help="a text of the page and what replaces it")
    parser.add_argument("--update", action="store_true", help="write the output into the page")
    parser.add_argument("--directory", type=Path, help="the directory in which commands run")
    options = parser.parse_args()
    stands_for = [(DOCUMENTED, options.url.rstrip("/")), *(pair.split("=", 1) for pair in options.replace)]
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(0 if run_examples(options.page, stands_for, options.directory or scratch, options.update) else 1)
