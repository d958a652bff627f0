#!/usr/bin/env python3
"""Kills vigie at random moments and checks that nothing is lost.

usage: python3 Tests/Benchmark/kills.py [path/to/vigie] [--times N] [--only sync,action,record,prune]

Each time: `kill -9` in the middle of a first sync, of an action that was confirmed, of writing a
recording, or of tidying an old cache; then the cache must be whole, the journal must verify, and
what the platform was asked must be in the journal. Needs Python 3 and nothing else; runs against
`vigie simulate` on loopback, and is not part of the tests, since it takes minutes.
"""
import argparse, fcntl, json, os, pty, random, re, select, shutil, signal, sqlite3, struct
import subprocess, sys, tempfile, termios, time, urllib.request

parser = argparse.ArgumentParser()
parser.add_argument("program", nargs="?", default=".build/release/vigie")
parser.add_argument("--times", type=int, default=50)
parser.add_argument("--only", default="sync,action,record,prune")
parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
options = parser.parse_args()
program = os.path.abspath(options.program)
random.seed(options.seed)
root = tempfile.mkdtemp(prefix="vigie-kills-")
environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color",
               "SWIFT_BACKTRACE": "enable=no"}
started = []


def simulate(*arguments):
    process = subprocess.Popen([program, "simulate", "--rate-limit", "0", *arguments],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               env=environment | {"HOME": root}, text=True)
    started.append(process)
    variables = dict(environment)
    for line in process.stdout:
        name, _, value = line.strip().removeprefix("export ").partition("=")
        variables[name] = value
        if name == "VIGIE_METRICS_URL":
            break
    return process, variables


def home(variables, name):
    folder = os.path.join(root, name)
    os.makedirs(folder, exist_ok=True)
    return variables | {"HOME": folder}, os.path.join(folder, ".local/state/vigie/koyeb")


def run(variables, *arguments):
    return subprocess.run([program, *arguments], env=variables, capture_output=True, text=True)


def killed(variables, arguments, longest):
    """Starts a command and kills it after a random time; whether it was still running."""
    process = subprocess.Popen([program, *arguments], env=variables, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    time.sleep(random.uniform(0, longest))
    running = process.poll() is None
    process.kill()
    process.wait()
    return running


def lasts(variables, *arguments):
    """Seconds that a command takes when nobody kills it."""
    began = time.monotonic()
    run(variables, *arguments)
    return time.monotonic() - began


def check(variables, folder, what):
    """The files are whole for SQLite, and vigie says so too."""
    for name in ["cache.sqlite", "journal.sqlite"]:
        path = os.path.join(folder, name)
        if os.path.exists(path):
            answer = sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone()[0]
            assert answer == "ok", f"{what}: {name} {answer}"
    if os.path.exists(os.path.join(folder, "cache.sqlite")):
        for arguments in (["cache", "check"], ["journal", "verify"]):
            result = run(variables, *arguments)
            assert result.returncode == 0, f"{what}: {arguments} {result.stdout}{result.stderr}"


def report(what, times, within):
    print(f"{what:12} {times} times killed, {within} of them at work; nothing lost", flush=True)


def sync():
    simulator, variables = simulate("--services", "1000", "--gpus", "300", "--speed", "0")
    within = 0
    own, folder = home(variables, "first")
    longest = lasts(own, "sync", "--once")
    for number in range(options.times):
        own, folder = home(variables, f"sync{number}")
        within += killed(own, ["sync", "--once"], longest)
        check(own, folder, f"sync {number}")
        shutil.rmtree(own["HOME"])
    simulator.terminate()
    report("sync", options.times, within)


class Console:
    def __init__(self, variables):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(program, [program], variables)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.text = b""

    def wait(self, pattern, limit):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            if re.search(pattern, self.text):
                return True
            if select.select([self.fd], [], [], 0.1)[0]:
                try:
                    data = os.read(self.fd, 1 << 16)
                except OSError:
                    return False
                if b"\x1b[c" in data:
                    os.write(self.fd, b"\x1b[?62;4c")
                self.text += data
        return False

    def press(self, keys):
        self.text = b""
        os.write(self.fd, keys)

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def writes(variables):
    with urllib.request.urlopen(variables["KOYEB_URL"] + "/_simulator/writes") as answer:
        return json.load(answer)


def action():
    within = lost = 0
    simulator, variables = simulate("--scenario", "calm", "--fault", "latency=60ms")
    own, folder = home(variables, "action")
    run(own, "sync", "--once")
    for number in range(options.times):
        before = len(writes(variables))
        console = Console(own)
        assert console.wait(rb"LIVE", 20), "the console did not come up"
        console.press(b"/embed\r")
        console.wait(rb"embed", 3)
        console.press(b"s")
        console.wait(rb"SCALE|scale", 3)
        # A dialog is deaf at first: keys typed ahead were meant for something else.
        time.sleep(0.5)
        console.press(b"+" if number % 2 == 0 else b"-")
        time.sleep(0.2)
        console.press(b"\r")
        if not console.wait(rb"y apply|y scale|\by\b", 5):
            console.kill()
            continue
        time.sleep(1.1)
        console.press(b"y")
        time.sleep(random.uniform(0, 0.8))
        console.kill()
        time.sleep(0.2)
        sent = [entry for entry in writes(variables)[before:] if "/scale" in json.dumps(entry)]
        intents = int(sqlite3.connect(os.path.join(folder, "journal.sqlite")).execute(
            "SELECT count(*) FROM entry WHERE intent IS NULL").fetchone()[0])
        within += len(sent)
        lost += len(sent) > 1
        assert len(sent) <= 1, f"action {number}: sent {len(sent)} times"
        action.sent = getattr(action, "sent", 0) + len(sent)
        assert intents >= action.sent, f"action {number}: {action.sent} sent, {intents} written down"
        check(own, folder, f"action {number}")
    simulator.terminate()
    report("action", options.times, within)


def record():
    simulator, variables = simulate("--services", "500", "--gpus", "300", "--speed", "0")
    own, folder = home(variables, "record")
    run(own, "sync", "--once")
    within = whole = 0
    target = os.path.join(own["HOME"], "incident.vigie")
    longest = lasts(own, "record", target, "--since", "-2h")
    os.unlink(target)
    for number in range(options.times):
        within += killed(own, ["record", target, "--since", "-2h"], longest)
        check(own, folder, f"record {number}")
        # Either there is no file, or it is a whole one.
        if os.path.exists(target):
            answer = sqlite3.connect(target).execute("PRAGMA integrity_check").fetchone()[0]
            assert answer == "ok", f"record {number}: {answer}"
            assert sqlite3.connect(target).execute("SELECT count(*) FROM recording").fetchone()[0] == 1
            os.unlink(target)
            whole += 1
    simulator.terminate()
    report("record", options.times, within)


def prune():
    simulator, variables = simulate("--services", "300", "--gpus", "300", "--speed", "0")
    own, folder = home(variables, "prune")
    run(own, "sync", "--once")
    path = os.path.join(folder, "cache.sqlite")
    within = longest = 0
    for number in range(options.times):
        # What was read is made three days old: its samples become minutes, and then it all goes.
        database = sqlite3.connect(path)
        age = 3 * 86_400_000 if number % 2 == 0 else 20 * 86_400_000
        for table in old_tables(database):
            database.execute(f"UPDATE {table} SET at = at - ?", (age,))
        # A state's place tells the second of its end above 26 bits.
        database.execute("UPDATE state SET place = place - ?, valid_from = valid_from - ?,"
                         " valid_until = valid_until - ?", (age // 1000 << 26, age, age))
        database.commit()
        database.close()
        if number < 2:
            # The first of each kind is let run, to know how long it takes.
            longest = max(longest, lasts(own, "cache", "prune"))
        else:
            within += killed(own, ["cache", "prune"], longest)
        check(own, folder, f"prune {number}")
        run(own, "sync", "--once")
    simulator.terminate()
    report("prune", options.times, within)


def old_tables(database):
    """The tables of samples: those that have a time and belong to the GPUs."""
    names = [row[0] for row in database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%sample%'")]
    return [name for name in names
            if any(row[1] == "at" for row in database.execute(f"PRAGMA table_info({name})"))]


try:
    print(f"{program}, seed {options.seed}", flush=True)
    for name in options.only.split(","):
        {"sync": sync, "action": action, "record": record, "prune": prune}[name]()
finally:
    for process in started:
        process.terminate()
        process.wait()
    shutil.rmtree(root, ignore_errors=True)
