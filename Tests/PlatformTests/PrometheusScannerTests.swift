import Testing

@testable import Platform

struct PrometheusScannerTests {
  private let wanted = ["UUID", "modelName", "gpu"]

  /// Every kind of value, known and unknown keys, escapes and all spellings of numbers.
  private static let good = #"""
    {"status":"success","isPartial":true,"warnings":["slow","\"late\""],"stats":{"a":[1,-2.5e+3,{}]},
    "data":{"resultType":"vector","more":[true,false,null,[]],"result":[
    {"metric":{"UUID":"GPU-1","modelName":"NVIDIA H100 80GB HBM3","other":"x"},
    "value":[1435781451.781,"0.25"]},
    {"value":[1.5e9,"NaN"],"metric":{"gpu":"\u0037","UUID":"GPU-2\n\ud83d\ude00","no":null}},
    {"metric":{},"value":[0,"-1e3"],"extra":[[["deep"]]]}]}}
    """#

  private func scan(_ text: String, labels: [String]? = nil) throws -> PrometheusVector {
    try Self.scan(Array(text.utf8), labels: labels ?? wanted)
  }

  private static func scan(_ bytes: [UInt8], labels: [String]) throws -> PrometheusVector {
    try bytes.withUnsafeBytes { try PrometheusScanner.scan($0, labels: labels) }
  }

  /// An answer with these elements.
  private func answer(_ elements: String) -> String {
    #"{"status":"success","data":{"resultType":"vector","result":["# + elements + "]}}"
  }

  private func element(_ value: String) -> String {
    answer(#"{"metric":{"UUID":"a"},"value":"# + value + "}")
  }

  @Test func `an answer is read with the labels asked for`() throws {
    let vector = try scan(Self.good)
    #expect(vector.status == "success")
    #expect(vector.isPartial)
    #expect(vector.warnings == ["slow", "\"late\""])
    #expect(vector.error == nil)
    #expect(vector.times == [1_435_781_451.781, 1_500_000_000, 0])
    #expect(vector.values == [0.25, nil, -1000])
    #expect(
      vector.labels == [
        "GPU-1", "NVIDIA H100 80GB HBM3", nil, "GPU-2\n😀", nil, "7", nil, nil, nil,
      ])
  }

  @Test func `the first label that says something is taken`() throws {
    let vector = try scan(
      answer(
        #"{"metric":{"pod":"","container":"b","node":"c"},"value":[1,"1"]},"#
          + #"{"metric":{"node":"d"},"value":[1,"1"]}"#),
      labels: ["pod", "container", "node"])
    #expect(vector.label(0..<3, of: 0) == "b")
    #expect(vector.label(0..<1, of: 0) == nil)
    #expect(vector.label(0..<3, of: 1) == "d")
    #expect(vector.indices == 0..<2)
  }

  @Test func `a label that is wanted twice stands in both places`() throws {
    let text = answer(#"{"metric":{"pod":"a"},"value":[1,"1"]}"#)
    #expect(try scan(text, labels: ["pod", "host", "pod"]).labels == ["a", nil, "a"])
  }

  @Test func `names alike at their beginning are told apart`() throws {
    let text = answer(
      #"{"metric":{"exported_pod":"a","exported_container":"b","exported":"c","":"d"},"#
        + #""value":[1,"1"]}"#)
    let labels = ["exported_container", "exported_pod", "exported_host", "exported", ""]
    #expect(try scan(text, labels: labels).labels == ["b", "a", nil, "c", "d"])
  }

  @Test func `no label need be wanted`() throws {
    let vector = try scan(Self.good, labels: [])
    #expect(vector.values == [0.25, nil, -1000])
    #expect(vector.labels.isEmpty)
  }

  @Test func `long texts that share a place are not mixed up`() throws {
    let texts = (0..<2000).map { "a-rather-long-model-name-\($0 % 500)" }
    let elements = texts.map { #"{"metric":{"modelName":"\#($0)"},"value":[1,"1"]}"# }
    let vector = try scan(answer(elements.joined(separator: ",")), labels: ["modelName"])
    #expect(vector.labels == texts)
  }

  @Test(arguments: [
    ("0", 0), ("-0.5", -0.5), ("42", 42), ("0.1", 0.1), ("1234567.1234567", 1_234_567.123_456_7),
    ("9007199254740993", 9_007_199_254_740_992), ("0.30000000000000004", 0.30000000000000004),
    ("1e-7", 1e-7), ("+5", 5), (".5", 0.5), ("5.", 5), ("00000000000000000001.5", 1.5),
    ("-1.7976931348623157e308", -1.7976931348623157e308), (#"\u0031\u0032"#, 12),
    ("2147483631", 2_147_483_631), ("2147483636", 2_147_483_636), ("0x10", 16),
  ])
  func `a value is the nearest number to its text`(text: String, value: Double) throws {
    #expect(try scan(element(#"[1,"\#(text)"]"#)).values == [value])
  }

  @Test(arguments: [
    "NaN", "+Inf", "-Inf", "Inf", "1e999", "", "-", ".", "1.2.3", "1 2", " 1", "1,5", "one", "--1",
    "2147483632", "2147483635", "140737488355328", "140737488355331", "9223372036854775794", "1e19",
  ])
  func `what is no reading has no value but a time`(text: String) throws {
    let vector = try scan(element(#"[7,"\#(text)"]"#))
    #expect(vector.values == [nil])
    #expect(vector.times == [7])
  }

  @Test(arguments: [
    ("1435781451.781", 1_435_781_451.781), ("-1", -1), ("1.4e9", 1.4e9), ("1E+2", 100), ("0.0", 0),
  ])
  func `a time is any number of JSON`(text: String, time: Double) throws {
    #expect(try scan(element(#"[ \#(text) , "1" ]"#)).times == [time])
  }

  @Test(arguments: [
    "null", "[]", "[1]", #"["1","1"]"#, "[1,1]", #"[null,"1"]"#, #"[1e999,"1"]"#, "[1,null]", "7",
    "{}",
  ])
  func `an element without time and value is none`(value: String) throws {
    let vector = try scan(element(value))
    #expect(vector.times.isEmpty)
    #expect(vector.labels.isEmpty)
  }

  @Test func `other results give no element`() throws {
    #expect(try scan(answer(#"1435781451.781,"1""#)).times.isEmpty)
    #expect(try scan(answer(#"{"metric":{"gpu":"1"},"values":[[1,"1"],[2,"1"]]}"#)).times.isEmpty)
    let mixed = #"{"metric":{"gpu":"1"},"histogram":[1,{}]},{"metric":5,"value":[2,"3"]},null"#
    let vector = try scan(answer(mixed))
    #expect(vector.values == [3])
    #expect(vector.labels == [nil, nil, nil])
  }

  @Test(arguments: [
    "", #","data":null"#, #","data":{}"#, #","data":[]"#, #","data":{"result":null}"#,
    #","data":{"result":{"value":[1,"1"]}}"#, #","data":{"result":[]}"#, #","isPartial":false"#,
    #","data":{"result":[{"value":[1,"1"]}]},"data":null"#, #","warnings":null"#,
  ])
  func `an answer without elements has none`(rest: String) throws {
    #expect(try scan(#"{"status":"success"\#(rest)}"#) == expectedEmpty)
  }

  private var expectedEmpty: PrometheusVector {
    var vector = PrometheusVector(width: wanted.count)
    vector.status = "success"
    return vector
  }

  @Test func `an error keeps its words`() throws {
    let vector = try scan(
      #" { "error" : "parse \"x\"\u00e9" , "errorType":"bad_data", "status":"error" } "#)
    #expect(vector.status == "error")
    #expect(vector.errorType == "bad_data")
    #expect(vector.error == "parse \"x\"é")
  }

  @Test func `what is no text among the warnings is passed over`() throws {
    #expect(try scan(#"{"status":"","warnings":[1,"a",null,["b"],"c"]}"#).warnings == ["a", "c"])
    #expect(try scan(#"{"status":"","warnings":"a"}"#).warnings.isEmpty)
  }

  @Test(arguments: [
    (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{C}\n\r\t"), (#"\u0041\u00e9\u20AC"#, "Aé€"),
    (#"\ud83d\ude00"#, "😀"), (#"\ud83d"#, "\u{FFFD}"), (#"\ude00x"#, "\u{FFFD}x"),
    (#"\ud83d\ud83d\ude00"#, "\u{FFFD}😀"), (#"\ud83dé\ude00"#, "\u{FFFD}é\u{FFFD}"),
    ("grün 😀 and more than sixteen bytes", "grün 😀 and more than sixteen bytes"),
    (#"a\u0000b"#, "a\0b"), ("\u{7F}", "\u{7F}"),
  ])
  func `escapes become what they stand for`(text: String, expected: String) throws {
    #expect(try scan(#"{"status":"\#(text)"}"#).status == expected)
  }

  @Test func `names may be written with escapes`() throws {
    let text = answer(#"{"\u006detric":{"\u0067pu":"3"},"value":[1,"1"]}"#)
    #expect(try scan(text).labels == [nil, nil, "3"])
  }

  @Test func `damaged UTF-8 is mended`() throws {
    let bytes = Array(#"{"status":""#.utf8) + [0x61, 0xFF, 0x62] + Array(#""}"#.utf8)
    #expect(try Self.scan(bytes, labels: []).status == "a\u{FFFD}b")
  }

  @Test func `of a repeated key the last counts`() throws {
    let text = answer(
      #"{"metric":{"UUID":"a","gpu":"1"},"value":[1,"1"],"metric":{"gpu":"2"},"value":[2,"2"]}"#)
    let vector = try scan(text)
    #expect(vector.labels == [nil, nil, "2"])
    #expect(vector.times == [2])
  }

  @Test(arguments: [
    "", " ", "null", "[]", "7", #""success""#, "{}", #"{"status":5}"#, #"{"status":"a"}x"#,
    #"{"status":"a"}{}"#, #"{"status":"a",}"#, #"{,"status":"a"}"#, #"{"status" "a"}"#,
    #"{status:"a"}"#, #"{"status":'a'}"#, #"{"status":"a","b":[1,]}"#, #"{"status":"a","b":[1 2]}"#,
    #"{"status":"a","b":01}"#, #"{"status":"a","b":1.}"#, #"{"status":"a","b":-}"#,
    #"{"status":"a","b":.5}"#, #"{"status":"a","b":1e}"#, #"{"status":"a","b":+1}"#,
    #"{"status":"a","b":nul}"#, #"{"status":"a","b":True}"#, #"{"status":"a","b":NaN}"#,
    #"{"status":"a","isPartial":truth}"#, #"{"status":"\x"}"#, #"{"status":"\u12g4"}"#,
    #"{"status":"\u12"}"#, "{\"status\":\"a\nb\"}", #"{"status":"a]"#, #"{"status":"a","b":[}]}"#,
    "<html>502 Bad Gateway</html>",
  ])
  func `what is no answer is malformed`(text: String) {
    #expect(throws: PrometheusScanner.Malformed.self) { try scan(text) }
  }

  @Test func `nesting has a bound`() throws {
    func nested(_ depth: Int) -> String {
      #"{"status":"a","b":"# + String(repeating: "[", count: depth)
        + String(repeating: "]", count: depth) + "}"
    }
    #expect(try scan(nested(63)).status == "a")
    #expect(throws: PrometheusScanner.Malformed.self) { try scan(nested(64)) }
    #expect(throws: PrometheusScanner.Malformed.self) { try scan(nested(100_000)) }
    let open = String(repeating: #"{"a":["#, count: 100_000)
    #expect(throws: PrometheusScanner.Malformed.self) { try scan(open) }
  }

  @Test func `an answer cut short anywhere is malformed`() {
    let bytes = Array(Self.good.utf8)
    for count in 0..<bytes.count {
      #expect(throws: PrometheusScanner.Malformed.self, "\(count) bytes") {
        try Self.scan(Array(bytes[..<count]), labels: wanted)
      }
    }
  }

  @Test(arguments: UInt64(1)...8)
  func `a damaged answer is read or refused and never crashes`(seed: UInt64) {
    var generator = Generator(state: seed)
    for round in 0..<500 {
      var bytes = Array(Self.good.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        Self.damage(&bytes, using: &generator)
      }
      guard let vector = try? Self.scan(bytes, labels: wanted) else { continue }
      let text = "seed \(seed), round \(round)"
      #expect(vector.values.count == vector.times.count, "\(text)")
      #expect(vector.labels.count == vector.times.count * wanted.count, "\(text)")
      #expect(vector.times.allSatisfy { $0.isFinite }, "\(text)")
    }
  }

  private static let signs = Array(#"{}[]":,\u-.e0"#.utf8)

  private static func damage(_ bytes: inout [UInt8], using generator: inout Generator) {
    guard let place = bytes.indices.randomElement(using: &generator) else { return }
    let end = min(bytes.count, place + Int.random(in: 1...40, using: &generator))
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
    case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 2: bytes.removeSubrange(place..<end)
    case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 4: bytes.insert(signs.randomElement(using: &generator) ?? 0, at: place)
    default: bytes.removeSubrange(end...)
    }
  }

  /// SplitMix64: the same everywhere for the same seed.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var mixed = state
      mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
      mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
      return mixed ^ mixed >> 31
    }
  }
}
