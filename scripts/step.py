"""Runs one long step quietly: a line that grows while it works, its time when done, all its output when it fails.

Usage: step.py "Installing dependencies" COMMAND [ARGUMENT ...]
"""

import subprocess
import sys
import tempfile
import time


def main(title: str, command: list[str]) -> int:
    started = time.monotonic()
    print(f"{title} ...", end="", flush=True)
    with tempfile.TemporaryFile() as output, subprocess.Popen(command, stdout=output, stderr=output) as running:
        while True:
            try:
                failed = running.wait(timeout=2)
            except subprocess.TimeoutExpired:
                print(".", end="", flush=True)
            else:
                break
        print(f" {'failed' if failed else 'done'} in {time.monotonic() - started:.0f} s", flush=True)
        if failed:
            output.seek(0)
            sys.stderr.write(output.read().decode(errors="replace"))
    return failed


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1], sys.argv[2:]))
    except KeyboardInterrupt:
        print(" stopped")
        sys.exit(130)
