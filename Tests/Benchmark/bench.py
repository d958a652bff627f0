#!/usr/bin/env python3
"""Measures a release build of vigie and prints each figure beside its goal.

usage: python3 Tests/Benchmark/bench.py [path/to/vigie] [--services N] [--gpus N]

The platform is `vigie simulate` with its clock standing still, so that nothing changes by itself.
Needs Python 3 and nothing else; not part of the tests, since it times a machine that others use.
"""
import argparse, fcntl, os, pty, random, re, resource, select, shutil, signal, sqlite3, statistics
import struct, subprocess, sys, tempfile, termios, time

parser = argparse.ArgumentParser()
parser.add_argument("program", nargs="?", default=".build/release/vigie")
parser.add_argument("--services", type=int, default=10000)
parser.add_argument("--gpus", type=int, default=2000)
options = parser.parse_args()
program = os.path.abspath(options.program)
home = tempfile.mkdtemp(prefix="vigie-bench-")
environment = {"HOME": home, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color",
               "SWIFT_BACKTRACE": "enable=no"}
cache = os.path.join(home, ".local/state/vigie/koyeb/cache.sqlite")
simulators = []


def report(name, value, goal):
    print(f"{name:58} {value:>14}   goal {goal}", flush=True)


def simulate(services, gpus, speed):
    process = subprocess.Popen(
        [program, "simulate", "--services", str(services), "--gpus", str(gpus), "--seed", "1",
         "--speed", str(speed), "--rate-limit", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True)
    simulators.append(process)
    variables = dict(environment)
    for line in process.stdout:
        name, _, value = line.strip().removeprefix("export ").partition("=")
        variables[name] = value
        if name == "VIGIE_METRICS_URL":
            break
    # The platform is another machine's work: it must not compete with what is measured.
    os.setpriority(os.PRIO_PROCESS, process.pid, 10)
    return variables


def run(arguments, variables):
    """Wall seconds, CPU seconds, peak MB and output of a command."""
    began = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen([program] + arguments, env=variables, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    output = process.stdout.read()
    _, _, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output


def rows():
    database = sqlite3.connect(f"file:{cache}?mode=ro", uri=True)
    return database.execute("SELECT count(*), max(valid_from) FROM state WHERE kind IN (1,2,3,4)").fetchone()


class Console:
    """vigie on a pseudo-terminal; nothing is parsed while the clock runs."""

    def __init__(self, variables, width, height):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(program, [program], variables)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.began = time.monotonic()

    def read(self, timeout):
        ready, _, _ = select.select([self.fd], [], [], timeout)
        if not ready:
            return b""
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            return b""
        if b"\x1b[c" in data:
            # As every terminal does when it is asked for its attributes.
            os.write(self.fd, b"\x1b[?62;4c")
        return data

    def drain(self, seconds):
        end = time.monotonic() + seconds
        count = 0
        while (left := end - time.monotonic()) > 0:
            count += len(self.read(left))
        return count

    def until(self, pattern, limit=10):
        text = b""
        while time.monotonic() - self.began < limit:
            text += self.read(0.5)
            if re.search(pattern, text):
                return time.monotonic() - self.began
        return float("nan")

    def cpu(self):
        fields = open(f"/proc/{self.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self, kind="VmRSS"):
        status = open(f"/proc/{self.pid}/status").read()
        return int(re.search(kind + r":\s+(\d+)", status)[1]) / 1024

    def key(self, key):
        """Milliseconds to the first byte of the answer, and its bytes."""
        began = time.monotonic()
        os.write(self.fd, key)
        first = self.read(1)
        delay = (time.monotonic() - began) * 1000
        return delay, len(first) + self.drain(0.03)

    def quit(self):
        began = time.monotonic()
        os.write(self.fd, b"q")
        while time.monotonic() - began < 5:
            self.read(0.01)
            done, _ = os.waitpid(self.pid, os.WNOHANG)
            if done:
                return (time.monotonic() - began) * 1000
        return float("nan")


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main():
    print(f"{program}: {options.services} services, {options.gpus} GPUs, {os.cpu_count()} cores")
    variables = simulate(options.services, options.gpus, 0)
    wall, cpu, peak, output = run(["sync", "--only", "workloads"], variables)
    report(f"sync of the {options.services} services alone: CPU s", f"{cpu:.2f}", "0.8 for 10,000")
    report("  wall s (the simulator's own time included)", f"{wall:.2f}", "-")
    wall, cpu, peak, output = run(["sync", "--once"], variables)
    database = sqlite3.connect(f"file:{cache}?mode=ro", uri=True)
    counts = dict(database.execute(
        "SELECT kind, count(*) FROM state WHERE valid_until IS NULL GROUP BY kind").fetchall())
    everything = counts.get(2, 0) + counts.get(3, 0) + counts.get(4, 0) + counts.get(8, 0)
    report("sync of everything: CPU s", f"{cpu:.2f}", "-")
    report("  objects it brought (services, revisions, replicas, GPUs)", everything, "-")
    report("  CPU ms per 1,000 objects", f"{cpu * 1e6 / max(1, everything):.0f}", "80")
    report("  peak MB", f"{peak:.0f}", "-")
    report("  cache bytes per service", f"{os.path.getsize(cache) / options.services:.0f}", "1500")
    before = rows()
    wall, cpu, peak, output = run(["sync", "--once"], variables)
    after = rows()
    report("second sync of the unchanged fleet: rows written", after[0] - before[0], "0")
    times = [run(["get", "deployments", "--no-sync", "-o", "json"], variables)[0] for _ in range(5)]
    report("get deployments from the cache: ms", f"{statistics.median(times) * 1000:.0f}", "30")

    paints = []
    for _ in range(5):
        console = Console(variables, 200, 60)
        paints.append(console.until(rb"DEPLOYMENTS") * 1000)
        console.drain(0.5)
        console.quit()
    report("first paint from the cache: ms, median of 5", f"{statistics.median(paints):.0f}", "40")

    console = Console(variables, 200, 60)
    console.drain(75)
    delays, sizes = [], []
    for index in range(200):
        delay, size = console.key(b"\x1bOB" if index % 50 < 25 else b"\x1bOA")
        delays.append(delay)
        sizes.append(size)
        console.drain(0.12)
    report("key to first byte, 200x60: ms p50", f"{percentile(delays, 0.5):.1f}", "2")
    report("key to first byte, 200x60: ms p99", f"{percentile(delays, 0.99):.1f}", "8")
    report("bytes per key, 200x60", f"{statistics.mean(sizes):.0f}", "350")
    console.drain(10)
    cpu = console.cpu()
    count = console.drain(60)
    report("idle for 60 s, nothing changes: CPU %", f"{(console.cpu() - cpu) / 0.6:.2f}", "0.5")
    report("idle: bytes a second (ages tick)", f"{count / 60:.0f}", "60")
    report("RSS MB", f"{console.memory():.0f}", "60")
    report("  of it private (the rest is the program's file)", f"{console.memory('RssAnon'):.0f}", "-")
    report("quit: ms", f"{console.quit():.0f}", "100")

    database = sqlite3.connect(f"file:{cache}?mode=ro", uri=True)
    first, last = database.execute("SELECT min(began), max(ended) FROM coverage").fetchone()
    times = []
    for _ in range(10):
        instant = random.randint(first, last) // 1000
        text = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(instant + 1))
        times.append(run(["render", "--at", text, "--size", "200x60"], variables)[0] * 1000)
    report("render of a past instant, whole process: ms, median", f"{statistics.median(times):.0f}", "100")


try:
    main()
finally:
    for process in simulators:
        process.send_signal(signal.SIGTERM)
        process.wait()
    shutil.rmtree(home, ignore_errors=True)
