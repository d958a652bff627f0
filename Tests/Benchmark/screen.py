"""What is on a terminal after so many bytes."""
import codecs, re


class Screen:
    """As much of a terminal as ncurses uses: where which character stands."""

    SEQUENCE = re.compile(r"\x1b(?:\[([?>]?)([\d;]*)([@-~])|[()].|[=>78cDM]|\].*?(?:\x07|\x1b\\\\))", re.S)

    def __init__(self, width, height):
        self.width, self.height, self.x, self.y, self.last = width, height, 0, 0, " "
        self.cells = [[" "] * width for _ in range(height)]
        self.decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self.rest = ""

    def row(self, number):
        return "".join(self.cells[number])

    def feed(self, data):
        stream = self.rest + self.decode(data)
        self.rest, place = "", 0
        while place < len(stream):
            letter = stream[place]
            if letter == "\x1b":
                found = self.SEQUENCE.match(stream, place)
                if not found:
                    self.rest = stream[place:]
                    return
                place = found.end()
                if found[3] and not found[1]:
                    self.control(found[3], [int(n or 0) for n in found[2].split(";")])
                continue
            place += 1
            if letter == "\r":
                self.x = 0
            elif letter == "\n":
                self.y = min(self.height - 1, self.y + 1)
            elif letter == "\b":
                self.x = max(0, self.x - 1)
            elif letter >= " ":
                self.put(letter)

    def put(self, letter):
        self.last = letter
        if self.x < self.width:
            self.cells[self.y][self.x] = letter
        self.x += 1

    def control(self, name, numbers):
        count = max(1, numbers[0])
        row = self.cells[self.y]
        if name == "H":
            self.y = min(self.height, count) - 1
            self.x = max(1, numbers[1] if len(numbers) > 1 else 1) - 1
        elif name == "d":
            self.y = min(self.height, count) - 1
        elif name in "G`":
            self.x = count - 1
        elif name in "ABCD":
            self.y = min(self.height - 1, max(0, self.y + {"A": -count, "B": count}.get(name, 0)))
            self.x = max(0, self.x + {"C": count, "D": -count}.get(name, 0))
        elif name == "J":
            for number in range(self.y, self.height):
                begin = self.x if number == self.y and numbers[0] == 0 else 0
                self.cells[number][begin:] = " " * (self.width - begin)
        elif name == "K":
            begin, end = (0, self.x + 1) if numbers[0] == 1 else (self.x, self.width)
            row[begin:end] = " " * (end - begin)
        elif name == "X":
            row[self.x:self.x + count] = " " * len(row[self.x:self.x + count])
        elif name == "b":
            for _ in range(count):
                self.put(self.last)
        elif name == "@":
            row[self.x:self.x] = " " * count
            del row[self.width:]
        elif name == "P":
            del row[self.x:self.x + count]
            row += " " * (self.width - len(row))
        elif name in "LM":
            for _ in range(count):
                del self.cells[self.y if name == "M" else self.height - 1]
                self.cells.insert(self.height - 1 if name == "M" else self.y, [" "] * self.width)
