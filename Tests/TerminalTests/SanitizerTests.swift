import Testing

@testable import Terminal

struct SanitizerTests {
  @Test(arguments: [
    ("plain", "plain"), ("a\u{1B}[31mred", "a<U+001B>[31mred"), ("J\rK", "J K"),
    ("a\tb\nc", "a b c"), ("x\u{202E}y", "x<U+202E>y"), ("a\u{200B}b", "a<U+200B>b"),
    ("\u{9B}31m", "<U+009B>31m"), ("bell\u{07}", "bell<U+0007>"),
    ("soft\u{AD}hyphen", "softhyphen"),
    ("héé", "héé"), ("漢字", "漢字"), ("\u{E000}", "<U+E000>"), ("\u{7F}", "<U+007F>"),
  ])
  func `what could drive a terminal is shown instead`(text: String, expected: String) {
    #expect(Sanitizer.clean(text) == expected)
  }

  @Test func `random text comes out harmless, and the same when cleaned again`() {
    let seed = UInt64.random(in: .min ... .max)
    var state = seed
    func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 16
    }
    for _ in 0..<20_000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<(next() % 12) {
        let limits: [UInt64] = [0x20, 0x100, 0x3000, 0x11_0000]
        if let scalar = Unicode.Scalar(UInt32(next() % limits[Int(next() % 4)])) {
          text.append(scalar)
        }
      }
      let clean = Sanitizer.clean(String(text))
      let isHarmless = clean.unicodeScalars.allSatisfy { scalar in
        scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value)
          && scalar.properties.generalCategory != .format
          && scalar.properties.generalCategory != .control
      }
      #expect(isHarmless, "seed \(seed)")
      #expect(Sanitizer.clean(clean) == clean, "seed \(seed)")
    }
  }

  @Test func `widths follow the table`() {
    #expect(DisplayWidth.of("abc") == 3)
    #expect(DisplayWidth.of("漢字") == 4)
    #expect(DisplayWidth.of("e\u{301}") == 1)
    #expect(DisplayWidth.of("⣿⣀") == 2)
    #expect(DisplayWidth.of("─│") == 2)
  }

  @Test func `keys are told apart`() {
    #expect(KeyDecoder.key(scalar: 0x0C, code: 0) == .control("l"))
    #expect(KeyDecoder.key(scalar: 0x0D, code: 0) == .enter)
    #expect(KeyDecoder.key(scalar: 0x1B, code: 0) == .escape)
    #expect(KeyDecoder.key(scalar: 0x7F, code: 0) == .backspace)
    #expect(KeyDecoder.key(scalar: 0xE9, code: 0) == .character("é"))
    #expect(KeyDecoder.key(scalar: 0, code: 1) == .up)
    #expect(KeyDecoder.key(scalar: 0, code: 999) == .function(899))
  }
}
