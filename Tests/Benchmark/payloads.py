"""Rows of a cache as Sources/Store/Packing and Sources/Store/Samples write them."""
import math, re, struct, uuid

APPLE = 978_307_200  # seconds from 1970 to the epoch of dates in payloads


def varint(number):
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def zigzag(number):
    return varint(number << 1 if number >= 0 else (-number << 1) - 1)


def text(value):
    data = value.encode()
    return varint(len(data)) + data


def identifier(value):
    if re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", value):
        raw = bytes.fromhex(value.replace("-", ""))
        return b"\1" + raw[7::-1] + raw[:7:-1]
    return b"\0" + text(value)


def optional(value, write):
    return b"\0" if value is None else b"\1" + write(value)


def moment(milliseconds):
    return struct.pack("<d", milliseconds / 1000 - APPLE)


def texts(values):
    return varint(len(values)) + b"".join(map(text, values))


class Reader:
    def __init__(self, data):
        self.data, self.place = data, 1  # after the format's number

    def raw(self, count):
        self.place += count
        return self.data[self.place - count:self.place]

    def varint(self):
        number = shift = 0
        while True:
            byte = self.raw(1)[0]
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7

    def text(self):
        return self.raw(self.varint()).decode()

    def identifier(self):
        if self.raw(1) == b"\0":
            return self.text()
        raw = self.raw(16)
        return str(uuid.UUID(bytes=raw[7::-1] + raw[:7:-1]))

    def optional(self, read):
        return read() if self.raw(1) == b"\1" else None

    def texts(self):
        return [self.text() for _ in range(self.varint())]

    def double(self):
        return struct.unpack("<d", self.raw(8))[0]

    def rest(self):
        return self.data[self.place:]


def workload(data):
    r = Reader(data)
    return {"id": r.identifier(), "app": r.identifier(), "name": r.text(), "kind": r.text(),
            "status": r.text(), "text": r.text(), "messages": r.texts(),
            "version": r.optional(r.varint), "created": r.optional(r.double),
            "updated": r.optional(r.double), "active": r.optional(r.identifier),
            "latest": r.optional(r.identifier)}


def write_workload(w):
    return (b"\1" + identifier(w["id"]) + identifier(w["app"]) + text(w["name"]) + text(w["kind"])
            + text(w["status"]) + text(w["text"]) + texts(w["messages"])
            + optional(w["version"], varint) + optional(w["created"], lambda d: struct.pack("<d", d))
            + optional(w["updated"], lambda d: struct.pack("<d", d))
            + optional(w["active"], identifier) + optional(w["latest"], identifier))


def replica(data):
    r = Reader(data)
    return {"id": r.identifier(), "workload": r.identifier(), "revision": r.optional(r.identifier),
            "region": r.identifier(), "type": r.identifier(), "index": r.optional(r.varint),
            "status": r.text(), "text": r.text()}


def write_replica(r, at):
    return (b"\1" + identifier(r["id"]) + identifier(r["workload"])
            + optional(r["revision"], identifier) + identifier(r["region"]) + identifier(r["type"])
            + optional(r["index"], varint) + text(r["status"]) + text(r["text"]) + texts([])
            + optional(None, text) + optional(at, moment) + optional(at, moment))


def revision(data):
    r = Reader(data)
    return {"id": r.identifier(), "workload": r.identifier(), "status": r.text(), "text": r.text(),
            "rest": r.rest()}


def write_revision(r):
    return (b"\1" + identifier(r["id"]) + identifier(r["workload"]) + text(r["status"])
            + text(r["text"]) + r["rest"])


def accelerator(data):
    r = Reader(data)
    return {"id": r.identifier(), "model": r.text(), "host": r.optional(r.text),
            "index": r.optional(r.text), "replica": r.optional(r.text), "rest": r.rest()}


def write_accelerator(a):
    return (b"\1" + identifier(a["id"]) + text(a["model"]) + optional(a["host"], text)
            + optional(a["index"], text) + optional(a["replica"], text) + a["rest"])


def run(numbers):
    """Numbers in blocks of 64: the least, how many bits, and how many steps each is above it."""
    out = bytearray()
    for begin in range(0, len(numbers), 64):
        block = numbers[begin:begin + 64]
        least = min(block)
        step = max(1, math.gcd(*(number - least for number in block)))
        width = ((max(block) - least) // step).bit_length()
        bits = 0
        for number in reversed(block):
            bits = bits << width | (number - least) // step
        out += zigzag(least) + bytes([width | (0x80 if step > 1 else 0)])
        out += varint(step) if step > 1 else b""
        out += bits.to_bytes((len(block) * width + 7) // 8, "little")
    return bytes(out)


def chunk(series, offsets, frames):
    """Readings of the same GPUs: of each, columns without a gap, or None where nothing is known."""
    out = bytearray(b"\1" + varint(len(frames)))
    steps = run([b - a - 1 for a, b in zip([-1] + series, series)])
    for place, (offset, columns) in enumerate(zip(offsets, frames)):
        head = varint(len(series)) + steps if place == 0 else b""
        out += varint(offset) + varint(len(head)) + head
        for number, column in enumerate(columns):
            block = b""
            if column is not None:
                base = frames[0][number] if place else [0] * len(column)
                block = b"\1" + run([value - was for value, was in zip(column, base)])
            out += varint(len(block)) + block
    return bytes(out)
