#!/usr/bin/env python3
"""Records the README's terminal picture from the real program, against the service at IMAGEBACKUP_URL, which has the demo image and no image backup.

Usage: record_terminal.py DATA-DIRECTORY [--check]

Runs each command of COMMANDS in a pseudo terminal, and writes what the terminal shows at its end into docs/images/terminal.svg. `imagebackup` must be on
the PATH. DATA-DIRECTORY is that of the service, whose archive the last commands read. --check writes nothing; it fails if the picture shows other words.
"""
import html
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs/images/terminal.svg"
TERMINAL = ROOT / "tests/ImageBackup.TestSupport/scripts/terminal.py"
COMMANDS = [
    "imagebackup export --image demo-aix --name nightly --compression Fast --follow",
    "imagebackup backups",
    "imagebackup ova verify nightly_1.ova",
    "imagebackup ova extract nightly_1.ova disks",
]
COLUMNS, LINE, WIDTH, MARGIN = 100, 19, 8.0, 16


def shown(output):
    """Returns the lines that stay on the screen: text behind a carriage return is drawn over."""
    plain = re.sub(r"\x1b(\[[0-9;?]*[A-Za-z]|[=>])", "", output)
    lines = [[part for part in line.split("\r") if part] for line in plain.replace("\r\n", "\n").rstrip("\n").split("\n")]
    return [line[-1] if line else "" for line in lines]


def record(directory):
    lines = []
    for command in COMMANDS:
        run = subprocess.run([sys.executable, TERMINAL, "--", *command.split()], cwd=directory, stdout=subprocess.PIPE)
        if run.returncode != 0:
            sys.exit(f"{command} ended with {run.returncode}:\n{run.stdout.decode()}")
        text = run.stdout.decode().replace(str(Path(directory).resolve()) + "/", "")
        lines += [f"$ {command}", *(line[:COLUMNS] for line in shown(text)), ""]
    return lines[:-1]


def shape(lines):
    """Returns the words without figures, times, ids and units, which differ between runs."""
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}|\b[KMG]?i?B\b|[0-9.:TZ#-]+", "", "\n".join(lines))
    return [re.sub(r" +", " ", line).strip() for line in text.split("\n")]


def draw(lines):
    height = len(lines) * LINE + 2 * MARGIN
    rows = []
    for row, line in enumerate(lines):
        kind = ' class="command"' if line.startswith("$ ") else ""
        if line:
            rows.append(f'<text x="{MARGIN}" y="{MARGIN + LINE * (row + 0.75):g}"{kind}>{html.escape(line)}</text>')
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {COLUMNS * WIDTH + 2 * MARGIN:g} {height}" role="img" aria-label="A terminal with the commands of ImageBackup">',
        "<style>text { font: 13.3px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #d7dde5; white-space: pre; } .command { fill: #7ee0a1; }</style>",
        '<rect width="100%" height="100%" rx="8" fill="#161b22"/>', *rows, "</svg>", ""])


def main():
    recorded = record(Path(sys.argv[1]) / "backup-nodes/local")
    if "--check" not in sys.argv:
        PICTURE.write_text(draw(recorded))
        return
    picture = PICTURE.read_text()
    drawn = [html.unescape(line) for line in re.findall(r"<text[^>]*>(.*)</text>", picture)]
    if shape(drawn) != shape([line for line in recorded if line]):
        sys.exit("docs/images/terminal.svg does not show what the program prints. Record it again.\n" + "\n".join(recorded))


main()
