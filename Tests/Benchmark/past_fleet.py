"""The past of a simulated fleet, by a fixed seed: lives of replicas, deployments, findings, events,
metered time and readings of GPUs."""
import json, math, random, struct, time, uuid

from payloads import *

DAY = 86_400_000


LENGTHS = (60_000, 240_000, 960_000, 3_840_000, 15_360_000, 61_440_000, 245_760_000)


def placed(states):
    """Each state with its place before it, by the rule of the cache's table: a class of lengths, the
    second of the end (of those that hold, of the beginning), and a number."""
    def part(row):
        begin, end = row[2:4]
        if end is None:
            return (len(LENGTHS) + 1 << 33) + begin // 1000
        number = next((n for n, length in enumerate(LENGTHS) if end - begin < length), len(LENGTHS))
        return (number << 33) + end // 1000
    ordered = sorted({row[:3]: row for row in states}.values(), key=lambda row: (part(row), row[:3]))
    return [((part(row) << 26) + number,) + row for number, row in enumerate(ordered)]


class History:
    """Fills a cache that `vigie sync --once` made with the days before."""

    def __init__(self, database, days, gpus):
        self.database, self.wanted = database, gpus
        self.now = int(time.time() * 1000)
        self.begin = self.now - int(days * DAY)
        self.states, self.feed, self.usage = [], [], []
        self.names = {}

    def current(self, kind):
        return self.database.execute(
            "SELECT id, owner, payload FROM state WHERE kind = ? AND valid_until IS NULL",
            (kind,)).fetchall()

    def state(self, kind, id, begin, end, owner, payload):
        if begin < (end or self.now):
            self.states.append((kind, id, begin, end, owner, payload))

    def make(self):
        self.simple()
        self.workloads()
        self.lives()
        self.others()
        database = self.database
        database.execute("DELETE FROM state WHERE kind <> 10")
        database.executemany("INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?, ?, ?, ?)",
                             placed(self.states))
        database.executemany("INSERT OR IGNORE INTO feed VALUES (?, ?, ?, ?, ?)", self.feed)
        database.executemany(
            "INSERT OR IGNORE INTO usage VALUES (?, ?, ?, ?, ?, ?, ?)", self.usage)
        self.samples()
        database.commit()

    def simple(self):
        """What never changed: apps, overrides, prices, quotas and the metrics source."""
        for kind in (1, 5, 6, 7, 9):
            for id, owner, payload in self.current(kind):
                self.state(kind, id, self.begin, None, owner, payload)

    def workloads(self):
        """About eight deployments each, with their revisions and the platform's words."""
        revisions = {}
        for id, owner, payload in self.current(3):
            revisions.setdefault(owner, []).append((id, payload))
        self.deployed = {}
        for id, owner, payload in self.current(2):
            now = workload(payload)
            self.names[id] = now["name"]
            deployed = sorted(random.randrange(self.begin, self.now - 3_600_000) for _ in range(8))
            times = [self.begin] + deployed
            serving = [str(uuid.UUID(int=random.getrandbits(128))) for _ in times]
            serving[-1] = now["active"]
            self.deployed[id] = list(zip(times, serving))
            template = next((p for i, p in revisions.get(id, []) if i == now["active"]), None)
            for number, begin in enumerate(times):
                end = times[number + 1] if number + 1 < len(times) else None
                before = serving[number - 1] if number else serving[number]
                last = end is None
                rollout = min(begin + 90_000, end or self.now)
                base = dict(now, version=1000 + number * 2)
                if number:
                    self.state(2, id, begin, rollout, owner, write_workload(
                        dict(base, active=before, latest=serving[number])))
                self.state(2, id, rollout if number else begin, end, owner, payload if last else
                           write_workload(dict(base, version=1001 + number * 2,
                                               active=serving[number], latest=serving[number])))
                if template is None:
                    continue
                made = dict(revision(template), id=serving[number])
                steps = [("provisioning", 30_000), ("starting", 60_000), ("healthy", None)]
                at = begin
                for status, length in steps:
                    until = at + length if length else end and end + 90_000
                    self.state(3, serving[number], at, until, id, template if last and not length
                               else write_revision(dict(made, status=status, text=status.upper())))
                    at = until
                if not last:
                    self.state(3, serving[number], at, None, id, write_revision(
                        dict(made, status="stopped", text="STOPPED")))
                if number:
                    self.activity(begin, "provisioning", id, serving[number])
                    self.activity(begin + 90_000, "healthy", id, serving[number])
            for other, data in revisions.get(id, []):
                if other != now["active"]:
                    self.state(3, other, self.begin, None, id, data)

    def activity(self, at, verb, id, object):
        key = str(uuid.UUID(int=random.getrandbits(128)))
        name = self.names[id]
        self.feed.append((key, at, 0, id, b"\1" + text(key) + moment(at) + text(verb)
                          + text("deployment") + text(object[:8]) + optional(id, identifier)
                          + optional(name, text) + optional("ci@example.com", text)
                          + texts(["Deployment " + verb])))

    def lives(self):
        """Replica after replica in the place of each that runs, half a day each, and its GPUs."""
        held = {}
        for id, owner, payload in self.current(8):
            held.setdefault(accelerator(payload)["replica"], []).append((id, owner, payload))
        for id, owner, payload in self.current(4):
            now = replica(payload)
            ends = [None]
            at = self.now - random.randrange(60_000, DAY)
            while at > self.begin:
                ends.append(at)
                at -= int(random.expovariate(1 / (DAY / 2))) + 120_000
            for number, end in enumerate(ends):
                begin = ends[number + 1] if number + 1 < len(ends) else self.begin
                own = id if end is None else str(uuid.UUID(int=random.getrandbits(128)))
                deployed = self.deployed.get(now["workload"], [])
                serving = max((d for d in deployed if d[0] <= begin), default=(0, now["revision"]))
                made = dict(now, id=own, revision=serving[1])
                self.life(made, begin, end, owner, payload)
                for gpu, holder, data in held.get(id, []):
                    self.state(8, gpu, begin, end, holder, data if end is None else
                               write_accelerator(dict(accelerator(data), replica=own)))
        for id, owner, payload in held.get(None, []):
            self.state(8, id, self.begin, None, owner, payload)
        # The rest stand in a rack and nothing holds them.
        template = accelerator(self.current(8)[0][2])
        for number in range(len(self.current(8)), self.wanted):
            spare = f"GPU-spare-{number:05}"
            self.database.execute("INSERT INTO series (id) VALUES (?)", (spare,))
            self.state(8, spare, self.begin, None, None, write_accelerator(
                dict(template, id=spare, replica=None)))

    def life(self, made, begin, end, owner, payload):
        id, key = made["id"], str(uuid.UUID(int=random.getrandbits(128)))
        self.state(4, id, begin, begin + 40_000, owner, write_replica(
            dict(made, status="starting", text="STARTING"), begin))
        self.state(4, id, begin + 40_000, end and end - 20_000, owner, payload if end is None else
                   write_replica(dict(made, status="healthy", text="HEALTHY"), begin))
        if end:
            self.state(4, id, end - 20_000, end, owner, write_replica(
                dict(made, status="stopping", text="STOPPING"), begin))
            self.usage.append((id, begin, made["workload"], made["region"], made["type"], end,
                               (end - begin) // 1000))
        self.feed.append((key, begin, 1, made["workload"], b"\1" + text(key) + moment(begin)
                          + optional(made["workload"], identifier)
                          + text(self.names.get(made["workload"], "")) + optional(made["region"], identifier)
                          + optional(2, zigzag) + optional(3, zigzag) + text("up")
                          + text("autoscaler") + optional(None, text)))

    def others(self):
        """Findings that came and went, traffic of the ten in view, and four silences."""
        for _ in range(1000):
            id, name = random.choice(list(self.names.items()))
            begin = random.randrange(self.begin, self.now - 3_600_000)
            finding = {"id": f"unhealthy/{id}", "severity": 0, "kind": "unhealthy", "workloadID": id,
                       "subject": name, "summary": "1/2 ready", "remedy": "open"}
            self.state(10, finding["id"], begin, begin + random.randrange(60_000, 3_600_000), id,
                       json.dumps(finding).encode())
        for id in list(self.names)[:10]:
            self.database.executemany("INSERT OR IGNORE INTO traffic VALUES (?, ?, ?)", [
                (at, id, b"\1" + identifier(id) + moment(at)
                 + b"".join(optional(random.random() * 50, lambda d: struct.pack("<d", d))
                            for _ in range(4)) + optional(1 << 30, zigzag))
                for at in range(self.begin, self.now, 60_000)])
        self.database.execute("DELETE FROM coverage")
        begin = self.begin
        for number in range(1, 5):
            end = self.begin + int((self.now - self.begin) * number / 5)
            self.database.execute("INSERT INTO coverage VALUES (?, ?, 15000)", (begin, end))
            begin = end + 600_000
        self.database.execute("INSERT INTO coverage VALUES (?, ?, 15000)", (begin, self.now))

    def samples(self):
        """Raw readings of the newest 50 hours, means of a minute before, of a few kinds of load.

        Chunks know no absolute time, so some hundred of them stand for all.
        """
        series = [row[0] for row in self.database.execute("SELECT number FROM series ORDER BY number")]
        loads = [0 if random.random() < 0.2 else random.uniform(0.2, 0.95) for _ in series]
        limits = [random.choice([700, 400, 160, 72]) for _ in series]
        totals = [random.choice([81559, 40960, 23034]) for _ in series]

        def frames(count, phase):
            result = []
            for _ in range(count):
                busy = [min(1, max(0, load * (1 + 0.2 * math.sin(phase + number)) + random.gauss(0, 0.03)))
                        if load else 0 for number, load in enumerate(loads)]
                result.append((
                    [int(value * 10_000) for value in busy],
                    [int(total * (0.72 + 0.14 * (load > 0))) + random.randrange(3)
                     for total, load in zip(totals, loads)],
                    [int(limit * (0.16 + 0.8 * value) * 10 + random.random() * 5)
                     for limit, value in zip(limits, busy)],
                    [int(34 + 42 * value) * 10 for value in busy], None))
            return result

        raw = [chunk(series, range(1000, 120_000, 15_000), frames(8, n / 9)) for n in range(60)]
        means = [chunk(series, range(0, 300_000, 60_000), frames(5, n / 9)) for n in range(45)]
        self.database.execute("DELETE FROM sample_chunk")
        self.seam = (self.now - 50 * 3_600_000) // 600_000 * 600_000
        for table, payloads, first, last, length, count in (
                ("sample_chunk", raw, self.seam, self.now, 120_000, 8),
                ("minute_chunk", means, self.begin // 300_000 * 300_000, self.seam, 300_000, 5)):
            self.database.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", [
                (at, count * len(series), payloads[random.randrange(len(payloads))])
                for at in range(first, last, length)])
        self.gpus = len(series)
