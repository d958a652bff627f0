#!/usr/bin/env python3
"""Measures time mode of a release build of vigie on 14 days of history, each figure with its goal.

usage: python3 Tests/Benchmark/history.py [path/to/vigie] [--services N] [--gpus N] [--days N]

The fleet comes from `vigie simulate` with its clock standing still; its past is made up here and
written straight into the cache: lives of replicas, deployments, findings, events, metered time and
readings of GPUs, by a fixed seed. At last the live path is measured with and without that history.
Needs Python 3 and nothing else; not part of the tests.
"""
import argparse, fcntl, os, pty, random, re, select, shutil, signal, sqlite3, statistics, struct
import subprocess, sys, tempfile, termios, time

sys.dont_write_bytecode = True
from past_fleet import History
from payloads import replica, workload, write_replica, write_workload
from screen import Screen

parser = argparse.ArgumentParser()
parser.add_argument("program", nargs="?", default=".build/release/vigie")
parser.add_argument("--services", type=int, default=500)
parser.add_argument("--gpus", type=int, default=2000)
parser.add_argument("--days", type=float, default=14)
parser.add_argument("--rounds", type=int, default=60)
parser.add_argument("--keep", action="store_true", help="leave the cache and say where it is")
options = parser.parse_args()
program = os.path.abspath(options.program)
home = tempfile.mkdtemp(prefix="vigie-history-")
empty = tempfile.mkdtemp(prefix="vigie-empty-")
environment = {"HOME": home, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color",
               "SWIFT_BACKTRACE": "enable=no"}
below_home = ".local/state/vigie/koyeb/cache.sqlite"
cache = os.path.join(home, below_home)
random.seed(1)


def report(name, value, goal):
    print(f"{name:58} {value:>14}   goal {goal}", flush=True)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def growth(database, history):
    """Pages, not payloads: a row of a chunk takes whole pages of 4 kB."""
    pages = {}
    for name in ("sample_chunk", "minute_chunk"):
        pages[name] = database.execute(
            f"SELECT sum((length(payload) + 4091) / 4092 * 4096), sum(samples) FROM {name}").fetchone()
        report(f"bytes of a sample in {name}", f"{pages[name][0] / pages[name][1]:.2f}", "8")
    size = os.path.getsize(cache)
    rest = size - sum(total for total, _ in pages.values())
    sample = {name: total / samples for name, (total, samples) in pages.items()}
    report("growth, MB a day: readings (kept 48 h)",
           f"{sample['sample_chunk'] * history.gpus * 5760 / 1e6:.1f}", "50")
    report("growth, MB a day: means, states, events (kept 14 d)",
           f"{sample['minute_chunk'] * history.gpus * 1440 / 1e6 + rest / options.days / 1e6:.1f}", "50")
    report("cache, MB", f"{size / 1e6:.0f}", "-")


class Console:
    def __init__(self, variables, width=200, height=60):
        self.screen = Screen(width, height)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(program, [program], variables)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def read(self, timeout):
        if not select.select([self.fd], [], [], timeout)[0]:
            return 0
        data = os.read(self.fd, 1 << 16)
        self.arrived = time.monotonic()  # what follows is not the console's time
        self.screen.feed(data)
        return len(data)

    def rest(self, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read(left)

    def press(self, keys):
        os.write(self.fd, keys if isinstance(keys, bytes) else keys.encode())

    def until(self, keys, is_there, limit=5):
        """Milliseconds from a key until the screen is as it should be, and the last byte came."""
        began = time.monotonic()
        self.press(keys)
        while time.monotonic() - began < limit:
            self.read(0.2)
            if is_there():
                while self.read(0.004):
                    pass
                return (self.arrived - began) * 1000
        return float("nan")

    def first_byte(self, key):
        began = time.monotonic()
        self.press(key)
        self.read(1)
        return (time.monotonic() - began) * 1000

    def shown(self):
        found = re.search(r"PAST (?:\S+ )?(\d\d:\d\d:\d\d)Z", self.screen.row(0))
        return found and found[1]

    def command(self, line, is_there):
        """Types slowly enough that a frame is free for the answer, as a person does."""
        self.press(":" + line)
        self.rest(0.7)
        return self.until("\r", is_there)

    def has(self, word):
        return any(word in self.screen.row(number) for number in range(self.screen.height))

    def quit(self):
        for key in (b"\x1b", b"\x03"):
            os.write(self.fd, key)
            time.sleep(0.2)
        for _ in range(100):
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                return
            self.read(0.02)
        os.kill(self.pid, signal.SIGKILL)


def clock(milliseconds):
    return time.strftime("%H:%M:%S", time.gmtime(milliseconds / 1000))


def times(name, values, goal):
    report(name + ": ms p50", f"{statistics.median(values):.0f}", "-")
    report(name + ": ms p95", f"{percentile(values, 0.95):.0f}", goal)


def measure(console, history):
    console.press("T")
    console.rest(3)
    jumps, steps, far = [], [], []
    for number in range(options.rounds):
        at = random.randrange(history.begin + 7_200_000, history.now - 7_200_000) // 1000 * 1000
        goal = clock(at)
        line = time.strftime("at %Y-%m-%dT%H:%M:%SZ", time.gmtime(at / 1000))
        jumps.append(console.command(line, lambda: console.shown() == goal))
        for step in range(4):
            console.rest(0.5)
            key, way = random.choice([(b"\x1b[D", -1), (b"\x1b[C", 1)])
            at += way * 15_000
            goal = clock(at)
            steps.append(console.until(key, lambda: console.shown() == goal))
        if number % 6 == 0:
            console.rest(0.5)
            far.append(console.until("d", lambda: console.has("CHANGES") and not console.has("comparing")))
            console.press("\x1b")
            console.rest(0.5)
    times("jump to a random instant until painted", jumps, "100")
    times("step of 15 s until painted", steps, "50")
    console.press("\x1b")
    console.rest(1)
    near = []
    for _ in range(max(10, options.rounds // 4)):
        near.append(console.command(
            "changes -1h", lambda: console.has("CHANGES") and not console.has("comparing")))
        console.press("\x1b")
        console.rest(0.5)
    times("changes of an hour", near, "200")
    times("changes from a random instant, of one deployment", far, "200")


def keys(console, count):
    delays = []
    for number in range(count):
        delays.append(console.first_byte(b"\x1b[B" if number % 40 < 20 else b"\x1b[A"))
        console.rest(0.13)
    return delays


def make_stale(path):
    """Makes every deployment and replica look changed, so that a round writes all; their number."""
    database = sqlite3.connect(path)
    rows = database.execute("SELECT place, kind, payload FROM state"
                            " WHERE valid_until IS NULL AND kind IN (2, 4)").fetchall()
    database.executemany("UPDATE state SET payload = ? WHERE place = ?", [
        (write_workload(dict(workload(payload), text="?")) if kind == 2
         else write_replica(dict(replica(payload), text="?"), 0), place)
        for place, kind, payload in rows])
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return len(rows)


def sync_round(variables):
    """Milliseconds of a processor that a start and one round of the sync take."""
    pid = os.posix_spawn(program, [program, "sync", "--once"], variables, file_actions=[
        (os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_WRONLY, 0) for fd in (1, 2)])
    usage = os.wait4(pid, 0)[2]
    return (usage.ru_utime + usage.ru_stime) * 1000


def live(variables):
    """The live path with the history and without: figures side by side, and what one is of the other."""
    homes = {f"{options.days:g} days": home, "nothing": empty}
    rounds, delays = {name: [] for name in homes}, {}
    sync_round(dict(variables, HOME=empty))
    for _ in range(9):
        for name, folder in homes.items():
            own = dict(variables, HOME=folder)
            # What a start and an unchanged round take is no work of applying.
            still = sync_round(own)
            changed = make_stale(os.path.join(folder, below_home))
            rounds[name].append(sync_round(own) - still)
    for name, folder in homes.items():
        console = Console(dict(variables, HOME=folder))
        console.rest(10)
        delays[name] = keys(console, 60)
        console.quit()

    def compare(what, values, goal):
        full, bare = values.values()
        for name, value in values.items():
            report(f"{what}, {name} in the cache: ms", f"{value:.1f}", "-")
        report(f"{what}: ratio", f"{full / bare:.2f}", goal)
    compare(f"{changed} changes applied, own CPU",
            {name: statistics.median(values) for name, values in rounds.items()}, "1.25")
    compare("a key to its first byte, p95",
            {name: percentile(values, 0.95) for name, values in delays.items()}, "1.5")


def main():
    simulator = subprocess.Popen(
        [program, "simulate", "--services", str(options.services), "--gpus", str(options.gpus),
         "--seed", "1", "--speed", "0", "--rate-limit", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True)
    try:
        variables = dict(environment)
        for line in simulator.stdout:
            name, _, value = line.strip().removeprefix("export ").partition("=")
            variables[name] = value
            if name == "VIGIE_METRICS_URL":
                break
        os.setpriority(os.PRIO_PROCESS, simulator.pid, 10)
        subprocess.run([program, "sync", "--once"], env=variables, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        database = sqlite3.connect(cache)
        history = History(database, options.days, options.gpus)
        history.make()
        counts = database.execute("SELECT count(*) FROM state").fetchone()[0]
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        print(f"{program}: {options.services} services, {history.gpus} GPUs, {options.days:g} days, "
              f"{counts} states, {os.cpu_count()} cores", flush=True)
        growth(database, history)
        database.close()
        console = Console(variables)
        console.rest(8)
        # Two hours of readings are past their time: they are folded while keys are pressed.
        times("key to first byte while the cache is tidied", keys(console, 60), "50")
        console.rest(20)
        measure(console, history)
        console.quit()
        live(variables)
    finally:
        simulator.send_signal(signal.SIGTERM)
        simulator.wait()
        if options.keep:
            print(home)
        else:
            shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(empty, ignore_errors=True)


main()
