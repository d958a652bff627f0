/// Reads an answer to an instant query in one pass.
///
/// `JSONDecoder` makes a dictionary of each series; an answer has thousands of series with the same
/// labels, most of them not asked for, and comes every few seconds.
struct PrometheusScanner {
  /// The bytes are no whole answer of the Prometheus API.
  typealias Malformed = JSONCursor.Malformed

  /// A wanted label, quick to tell from others.
  private struct Name {
    var head: UInt64
    /// Where it stands in `nameBytes`.
    var range: Range<Int>
  }

  private var cursor: JSONCursor
  private var vector: PrometheusVector
  private var pool: TextPool
  private let wanted: [String]
  private var names: [Name] = []
  private var nameBytes: [UInt8] = []

  /// Reads `bytes`, keeping the labels that are `wanted`; a name may be wanted twice.
  ///
  /// What is no vector (a matrix, a scalar) is read and gives no element.
  static func scan(
    _ bytes: UnsafeRawBufferPointer, labels wanted: [String]
  ) throws(Malformed) -> PrometheusVector {
    var scanner = PrometheusScanner(bytes, wanted)
    try scanner.reply()
    return scanner.vector
  }

  private init(_ bytes: UnsafeRawBufferPointer, _ wanted: [String]) {
    cursor = JSONCursor(bytes)
    vector = PrometheusVector(width: wanted.count)
    pool = TextPool(labels: wanted.count, answerSize: bytes.count)
    self.wanted = wanted
    for name in wanted {
      let start = nameBytes.count
      nameBytes += Array(name.utf8)
      let range = start..<nameBytes.count
      let head = nameBytes.withUnsafeBytes { JSONCursor($0).head(of: range) }
      names.append(Name(head: head, range: range))
    }
  }

  private mutating func reply() throws(Malformed) {
    var status: String?
    var goesOn = try cursor.enter(.object)
    while goesOn {
      let key = try cursor.key()
      if cursor.text(key, is: "data") {
        try data()
      } else if cursor.text(key, is: "status") {
        status = try text()
      } else if cursor.text(key, is: "errorType") {
        vector.errorType = try text()
      } else if cursor.text(key, is: "error") {
        vector.error = try text()
      } else if cursor.text(key, is: "warnings") {
        vector.warnings = try texts()
      } else if cursor.text(key, is: "isPartial") {
        vector.isPartial = try cursor.next() == UInt8(ascii: "t")
        try cursor.skip()
      } else {
        try cursor.skip()
      }
      goesOn = try cursor.goesOn(in: .object)
    }
    guard cursor.isAtEnd, let status else { throw Malformed() }
    vector.status = status
  }

  private mutating func data() throws(Malformed) {
    vector.removeElements()
    guard try cursor.isNext(.object) else { return try cursor.skip() }
    var goesOn = try cursor.enter(.object)
    while goesOn {
      let key = try cursor.key()
      if cursor.text(key, is: "result") { try result() } else { try cursor.skip() }
      goesOn = try cursor.goesOn(in: .object)
    }
  }

  private mutating func result() throws(Malformed) {
    vector.removeElements()
    guard try cursor.isNext(.array) else { return try cursor.skip() }
    var goesOn = try cursor.enter(.array)
    while goesOn {
      if try cursor.isNext(.object) { try element() } else { try cursor.skip() }
      goesOn = try cursor.goesOn(in: .array)
    }
    vector.dropLabels()
  }

  private mutating func element() throws(Malformed) {
    var pair: (time: Double, value: Double?)?
    vector.dropLabels()
    var goesOn = try cursor.enter(.object)
    while goesOn {
      let key = try cursor.key()
      if cursor.text(key, is: "metric") {
        try metric()
      } else if cursor.text(key, is: "value") {
        pair = try self.pair()
      } else {
        try cursor.skip()
      }
      goesOn = try cursor.goesOn(in: .object)
    }
    guard let pair else { return }
    vector.endElement(time: pair.time, value: pair.value)
  }

  private mutating func metric() throws(Malformed) {
    vector.beginLabels()
    guard try cursor.isNext(.object) else { return try cursor.skip() }
    var goesOn = try cursor.enter(.object)
    while goesOn {
      let name = try cursor.key()
      if let text = try cursor.stringOrSkip() { keep(text, as: name) }
      goesOn = try cursor.goesOn(in: .object)
    }
  }

  private mutating func keep(_ text: JSONCursor.Text, as name: JSONCursor.Text) {
    let head = cursor.head(of: name.range)
    for position in names.indices where names[position].head == head || name.hasEscapes {
      guard isName(position, name) else { continue }
      vector.setLabel(position, to: pool.text(text, of: position, in: cursor))
    }
  }

  private func isName(_ position: Int, _ text: JSONCursor.Text) -> Bool {
    guard !text.hasEscapes else { return cursor.decoded(text) == wanted[position] }
    return nameBytes.withUnsafeBytes { bytes in
      cursor.equals(text.range, UnsafeRawBufferPointer(rebasing: bytes[names[position].range]))
    }
  }

  /// A time and a value as text; nil when it is something else.
  private mutating func pair() throws(Malformed) -> (time: Double, value: Double?)? {
    guard try cursor.isNext(.array) else {
      try cursor.skip()
      return nil
    }
    var time: Double?
    var text: JSONCursor.Text?
    var count = 0
    var goesOn = try cursor.enter(.array)
    while goesOn {
      if count == 0, try cursor.isNext(.number) {
        time = cursor.double(try cursor.number())
      } else if count == 1 {
        text = try cursor.stringOrSkip()
      } else {
        try cursor.skip()
      }
      count += 1
      goesOn = try cursor.goesOn(in: .array)
    }
    guard let time, time.isFinite, let text else { return nil }
    return (time, cursor.double(text))
  }

  private mutating func text() throws(Malformed) -> String? {
    try cursor.stringOrSkip().map(cursor.decoded)
  }

  private mutating func texts() throws(Malformed) -> [String] {
    var texts: [String] = []
    guard try cursor.isNext(.array) else {
      try cursor.skip()
      return texts
    }
    var goesOn = try cursor.enter(.array)
    while goesOn {
      if let text = try text() { texts.append(text) }
      goesOn = try cursor.goesOn(in: .array)
    }
    return texts
  }
}

extension PrometheusScanner {
  /// The texts of labels, held once each as far as they come again: models, hosts, regions.
  ///
  /// Each label has places of its own, so that ids, all different, do not push out model names. What
  /// does not fit in its place is replaced.
  private struct TextPool {
    private struct Place {
      /// Where the text stands in the answer.
      var range = 0..<0
      var text = ""
    }

    private var places: [Place]
    private let perLabel: Int

    /// As many places as an answer of so many bytes can use.
    init(labels: Int, answerSize: Int) {
      var perLabel = 16
      while perLabel < 1024, perLabel * 4096 < answerSize { perLabel *= 2 }
      self.perLabel = perLabel
      places = Array(repeating: Place(), count: labels * perLabel)
    }

    mutating func text(_ text: JSONCursor.Text, of label: Int, in cursor: JSONCursor) -> String {
      // Up to fifteen bytes need no allocation.
      guard text.range.count > 15 else { return cursor.decoded(text) }
      let index = label * perLabel + Int(cursor.hash(text.range) % UInt64(perLabel))
      let known = places[index]
      if cursor.areEqual(known.range, text.range) { return known.text }
      places[index] = Place(range: text.range, text: cursor.decoded(text))
      return places[index].text
    }
  }
}

/// What an answer to an instant query says; of each element the labels that were asked for.
struct PrometheusVector: Equatable, Sendable {
  var status = ""
  var errorType: String?
  var error: String?
  var warnings: [String] = []
  var isPartial = false
  /// How many labels of each element there are in `labels`, present or not.
  let width: Int
  /// Unix seconds, one for each element.
  private(set) var times: [Double] = []
  /// One for each element; nil for NaN, infinities, what is no number and what is no reading.
  private(set) var values: [Double?] = []
  /// `width` for each element, in the order in which they were asked for.
  private(set) var labels: [String?] = []

  var indices: Range<Int> { times.indices }

  init(width: Int) {
    self.width = width
  }

  /// The first of the labels at `positions` that the element has and that is not empty.
  func label(_ positions: Range<Int>, of element: Int) -> String? {
    for position in positions {
      if let text = labels[element * width + position], !text.isEmpty { return text }
    }
    return nil
  }

  mutating func removeElements() {
    times = []
    values = []
    labels = []
  }

  /// Makes room for the next element, whose labels may come before its value.
  mutating func beginLabels() {
    dropLabels()
    labels.append(contentsOf: repeatElement(nil, count: width))
  }

  mutating func setLabel(_ position: Int, to text: String) {
    labels[times.count * width + position] = text
  }

  /// Forgets labels that turned out to belong to no element.
  mutating func dropLabels() {
    labels.removeLast(labels.count - times.count * width)
  }

  mutating func endElement(time: Double, value: Double?) {
    times.append(time)
    labels.append(contentsOf: repeatElement(nil, count: times.count * width - labels.count))
    values.append(value.flatMap { $0.isFinite && !Self.isSentinel($0) ? $0 : nil })
  }

  /// What DCGM writes for "not supported" and "not permitted".
  private static func isSentinel(_ value: Double) -> Bool {
    (2_147_483_632...2_147_483_635).contains(value)
      || (140_737_488_355_328...140_737_488_355_331).contains(value)
      || value >= 9.2e18
  }
}
