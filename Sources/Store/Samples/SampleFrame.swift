/// What one reading said of many GPUs, as small whole numbers, column by column.
struct SampleFrame: Equatable {
  /// The columns, in their order on disk.
  enum Column: Int, CaseIterable {
    /// In hundredths of a percent.
    case utilization
    /// In mebibytes.
    case memory
    /// In tenths of a watt.
    case power
    /// In tenths of a degree.
    case temperature
    case error
  }

  /// Milliseconds since 1970.
  var at: Int64
  /// The numbers of the GPUs' series, rising.
  var series: [Int]
  private var columns: [SampleColumn]

  init(at: Int64, series: [Int], columns: [SampleColumn]) {
    self.at = at
    self.series = series
    self.columns = columns
  }

  /// Of values by series: what is at one place of all arrays is of one GPU.
  init(at: Int64, rows: [Int: [Int?]]) {
    let series = rows.keys.sorted()
    self.init(
      at: at, series: series,
      columns: Column.allCases.map { column in
        SampleColumn(series.map { rows[$0]?[column.rawValue] })
      })
  }

  subscript(column: Column) -> SampleColumn { columns[column.rawValue] }

  /// All values of one GPU, by column.
  func row(_ place: Int) -> [Int?] { columns.map { $0[place] } }

  /// With the GPUs of another reading of the same instant; where both have one, the other's counts.
  func merged(with other: SampleFrame) -> SampleFrame {
    var rows: [Int: [Int?]] = [:]
    for frame in [self, other] {
      for (place, number) in frame.series.enumerated() { rows[number] = frame.row(place) }
    }
    return SampleFrame(at: at, rows: rows)
  }
}

/// Values of one kind, by place; what is absent is nil, never a number.
struct SampleColumn: Equatable {
  /// Stands for what is absent; no measure comes near it.
  private static let absent = Int.min

  private let storage: [Int]

  init(_ values: [Int?]) { storage = values.map { $0 ?? Self.absent } }

  /// Nothing is known of any of so many.
  init(absent count: Int) { storage = [Int](repeating: Self.absent, count: count) }

  /// The values that are there, where `isPresent` says so.
  init(_ present: [Int], where isPresent: (Int) -> Bool, count: Int) throws {
    var rest = present[...]
    storage = try (0..<count).map { place in
      guard isPresent(place) else { return Self.absent }
      guard let value = rest.popFirst() else { throw PackedReader.Damaged() }
      return value
    }
    guard rest.isEmpty else { throw PackedReader.Damaged() }
  }

  /// All are there.
  init(all values: [Int]) { storage = values }

  var count: Int { storage.count }

  subscript(place: Int) -> Int? {
    storage[place] == Self.absent ? nil : storage[place]
  }

  /// The values that are there, side by side.
  var present: [Int] { storage.filter { $0 != Self.absent } }

  /// The values at other places; absent where there is none.
  func moved(to places: [Int?]) -> SampleColumn {
    SampleColumn(places.map { $0.flatMap { self[$0] } })
  }
}
