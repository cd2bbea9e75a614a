"""Runs a command in a pseudo terminal of 100 columns and prints what it shows.

terminal.py [TEXT KEYS]... -- COMMAND...: waits for each TEXT in turn and then types KEYS (Python escapes, such as \\x03 for Ctrl-C).
"""
import fcntl
import os
import pty
import struct
import sys
import termios

end = sys.argv.index("--")
script = list(zip(sys.argv[1:end:2], sys.argv[2:end:2]))

# The command waits until the terminal has its size.
ready, go = os.pipe()
pid, terminal = pty.fork()
if pid == 0:
    os.read(ready, 1)
    os.execvp(sys.argv[end + 1], sys.argv[end + 1:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 25, 100, 0, 0))
os.write(go, b".")

shown, seen = b"", 0
while True:
    try:
        read = os.read(terminal, 65536)
    except OSError:  # the command has closed the terminal
        break
    if not read:
        break
    shown += read
    sys.stdout.buffer.write(read)
    sys.stdout.buffer.flush()
    while script and (found := shown.find(script[0][0].encode(), seen)) >= 0:
        seen = found + len(script[0][0])
        os.write(terminal, script.pop(0)[1].encode().decode("unicode_escape").encode())

_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status))
