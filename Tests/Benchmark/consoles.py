#!/usr/bin/env python3
"""Runs five consoles on one context and checks that together they are as one.

usage: python3 Tests/Benchmark/consoles.py [path/to/vigie] [--consoles 5] [--seconds 60] [--services N]

Measured are the requests that one console makes and those that all make, what a console that only
follows costs, how long an action of such a one takes to be seen, and how long it takes after a
`kill -9` of the one that syncs until another does. Needs Python 3 and nothing else; runs against
`vigie simulate` on loopback, and is not part of the tests, since it takes minutes.
"""
import argparse, fcntl, json, os, pty, re, select, shutil, signal, sqlite3, struct, subprocess
import sys, tempfile, termios, threading, time, urllib.request

parser = argparse.ArgumentParser()
parser.add_argument("program", nargs="?", default=".build/release/vigie")
parser.add_argument("--consoles", type=int, default=5)
parser.add_argument("--seconds", type=float, default=60)
parser.add_argument("--services", type=int)
parser.add_argument("--gpus", type=int)
options = parser.parse_args()
program = os.path.abspath(options.program)
root = tempfile.mkdtemp(prefix="vigie-consoles-")
folder = os.path.join(root, ".local/state/vigie/koyeb")
environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color",
               "SWIFT_BACKTRACE": "enable=no", "HOME": root}
consoles = []


def simulate():
    size = sum([["--services", str(options.services)] if options.services else [],
                ["--gpus", str(options.gpus)] if options.gpus else []], [])
    process = subprocess.Popen([program, "simulate", "--rate-limit", "0", "--scenario", "calm", *size],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
                               text=True)
    for line in process.stdout:
        name, _, value = line.strip().removeprefix("export ").partition("=")
        environment[name] = value
        if name == "VIGIE_METRICS_URL":
            return process


def ask(path):
    with urllib.request.urlopen(environment["KOYEB_URL"] + path) as answer:
        return json.load(answer)


def requests():
    return ask("/_simulator/requests")


class Console:
    """A console on a terminal that is read all the time, as a terminal is."""

    def __init__(self):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(program, [program], environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.text = b""
        threading.Thread(target=self.read, daemon=True).start()
        consoles.append(self)

    def read(self):
        while True:
            try:
                data = os.read(self.fd, 1 << 16)
            except OSError:
                return
            if not data:
                return
            if b"\x1b[c" in data:
                os.write(self.fd, b"\x1b[?62;4c")
            self.text += data

    def wait(self, pattern, limit):
        return until(lambda: re.search(pattern, self.text), limit) is not None

    def press(self, keys):
        self.text = b""
        os.write(self.fd, keys)

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        consoles.remove(self)

    def memory(self):
        """Private megabytes."""
        text = open(f"/proc/{self.pid}/smaps_rollup").read()
        return sum(int(kib) for kib in re.findall(r"Private_\w+:\s+(\d+)", text)) / 1024

    def seconds(self):
        """Of the processor, since its start."""
        fields = open(f"/proc/{self.pid}/stat").read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def until(condition, limit):
    """Seconds until something holds; nothing when it did not in time."""
    began = time.monotonic()
    while time.monotonic() - began < limit:
        if condition():
            return time.monotonic() - began
        time.sleep(0.01)
    return None


def writer():
    """The process that says that it syncs; 0 while the file is being written."""
    try:
        return json.load(open(os.path.join(folder, "writer.lock")))["process"]
    except (OSError, ValueError, KeyError):
        return 0


def rate():
    """Requests by route and processor time by console, over the time that was asked for."""
    before, used = requests(), {c.pid: c.seconds() for c in consoles}
    time.sleep(options.seconds)
    after = requests()
    made = {name: after[name] - before.get(name, 0) for name in after}
    cost = {c.pid: (c.seconds() - used[c.pid]) / options.seconds * 100 for c in consoles}
    return {name: count for name, count in made.items() if count}, cost


def shares():
    """Who holds the lock, by the kernel's own list."""
    number = os.stat(os.path.join(folder, "writer.lock")).st_ino
    return [int(line.split()[4]) for line in open("/proc/locks")
            if line.split()[1] == "FLOCK" and line.split()[5].endswith(f":{number}")]


def act(console):
    """Scales a deployment by its keys; seconds until it was sent, followed and seen to hold."""
    sent = len(ask("/_simulator/writes"))
    console.press(b"/embed\r")
    time.sleep(1.5)
    console.press(b"s")
    assert console.wait(rb"SCALE|scale", 5), "no dialog"
    time.sleep(0.6)
    console.press(b"+")
    time.sleep(0.3)
    console.press(b"\r")
    assert console.wait(rb"y apply|y scale|\by\b", 8), "no preview"
    time.sleep(1.2)
    console.press(b"y")
    to_send = until(lambda: len(ask("/_simulator/writes")) > sent, 10)
    assert to_send is not None, "the action was not sent"
    assert len(ask("/_simulator/writes")) == sent + 1, "sent more than once"
    seen = until(lambda: outcome() == "done", 90)
    return to_send, seen


def outcome():
    text = subprocess.run([program, "journal", "list", "-o", "json"], env=environment,
                          capture_output=True, text=True).stdout
    entries = json.loads(text or "[]")
    entry = entries[0] if entries else {}
    return entry.get("outcome", {}).get("state") if isinstance(entry.get("outcome"), dict) \
        else entry.get("outcome") or entry.get("state")


def main():
    first = Console()
    assert first.wait(rb"LIVE", 240), "the first console did not come up"
    # A large fleet's lists are still being read when the first one is whole.
    time.sleep(60 if options.services else 20)
    alone, cost = rate()
    print(f"one console: {sum(alone.values())} requests in {options.seconds:g} s, "
          f"{cost[first.pid]:.2f} % of a core", flush=True)
    for _ in range(options.consoles - 1):
        Console()
    for console in consoles:
        assert console.wait(rb"LIVE", 30), "a console did not come up"
    assert all(c.wait(rb"follows", 10) for c in consoles[1:]), "one does not say that it follows"
    assert shares() == [first.pid] and writer() == first.pid, f"{shares()} hold the lock"
    time.sleep(15)
    together, cost = rate()
    print(f"{len(consoles)} consoles: {sum(together.values())} requests in {options.seconds:g} s, "
          f"ratio {sum(together.values()) / sum(alone.values()):.2f}; the one that syncs "
          f"{cost.pop(first.pid):.2f} % of a core, the others "
          + " ".join(f"{share:.2f}" for share in cost.values()) + " %", flush=True)
    print("  private memory " + " ".join(f"{c.memory():.0f}" for c in consoles) + " MB")
    for name in sorted(set(alone) | set(together)):
        print(f"  {name}: {alone.get(name, 0)} alone, {together.get(name, 0)} together")

    if not options.services:
        to_send, seen = act(consoles[2])
        print(f"an action of a follower: sent after {to_send:.2f} s, "
              + (f"seen to hold after {seen:.1f} s" if seen else "NOT seen to hold"), flush=True)

    times = []
    while len(consoles) > 1:
        holder = next(c for c in consoles if c.pid == writer())
        before = requests()
        holder.kill()
        took = until(lambda: writer() not in (0, holder.pid), 10)
        assert took is not None, "nobody took over"
        read = until(lambda: requests().get("GET /v1/services", 0)
                     > before.get("GET /v1/services", 0), 10)
        assert shares() == [writer()], "not exactly one holds the lock"
        times.append((took, took + (read or 10)))
        time.sleep(3)
    print("killed the one that syncs: another did after "
          + " ".join(f"{took:.2f}" for took, _ in times) + " s, and had read the list after "
          + " ".join(f"{read:.2f}" for _, read in times) + " s", flush=True)

    consoles[0].kill()
    for name in ["cache.sqlite", "journal.sqlite"]:
        path = os.path.join(folder, name)
        answer = sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone()[0]
        assert answer == "ok", f"{name}: {answer}"
    for arguments in (["cache", "check"], ["journal", "verify"]):
        result = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True)
        assert result.returncode == 0, f"{arguments} {result.stdout}{result.stderr}"
    print("cache and journal are whole", flush=True)
    assert max(took for took, _ in times) < 5, "that took too long"


simulator = simulate()
try:
    print(f"{program}, SQLite here {sqlite3.sqlite_version}", flush=True)
    main()
finally:
    for console in list(consoles):
        console.kill()
    simulator.terminate()
    simulator.wait()
    shutil.rmtree(root, ignore_errors=True)
