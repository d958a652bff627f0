import Testing

@testable import Terminal

struct FrameTests {
  @Test func `text is clipped at the frame's and the given width`() {
    var frame = Frame(size: Size(width: 6, height: 2))
    #expect(frame.write("abcdefgh", at: 2, 0) == 4)
    #expect(frame.write("abcdefgh", at: 0, 1, width: 3) == 3)
    #expect(frame.plainText() == "  abcd\nabc")
  }

  @Test func `drawing outside does nothing`() {
    var frame = Frame(size: Size(width: 4, height: 2))
    let before = frame
    frame.write("x", at: 0, 5)
    frame.write("x", at: 9, 0)
    frame.fill(Rect(x: 10, y: 10, width: 3, height: 3), style: .plain)
    #expect(frame == before)
  }

  @Test func `a wide character that loses a half becomes blank`() {
    var frame = Frame(size: Size(width: 4, height: 1))
    frame.write("漢字", at: 0, 0)
    #expect(frame.plainText() == "漢字")
    frame.write("x", at: 1, 0)
    #expect(frame.plainText() == " x字")
    frame.write("y", at: 2, 0)
    #expect(frame.plainText() == " xy")
  }

  @Test func `a wide character does not stand in half a place`() {
    var frame = Frame(size: Size(width: 3, height: 1))
    #expect(frame.write("a漢字", at: 0, 0) == 3)
    #expect(frame.plainText() == "a漢")
  }

  @Test func `clipping keeps edges of characters and says that it clipped`() {
    #expect(Clipping.tail("llama-70b", to: 6, glyphs: .unicode) == "llama…")
    #expect(Clipping.tail("llama", to: 6, glyphs: .unicode) == "llama")
    #expect(Clipping.middle("api-gateway-eu", to: 9, glyphs: .ascii) == "api-ga~eu")
    #expect(DisplayWidth.of(Clipping.tail("漢字漢字", to: 4, glyphs: .unicode)) <= 4)
  }

  @Test func `a sparkline has a cell a value and a blank for a gap`() {
    let text = Sparkline.text([0, nil, 1, 0.5], width: 6, maximum: 1, glyphs: .ascii)
    #expect(text == "  _ #=")
  }

  @Test func `a chart draws gaps as gaps`() {
    var frame = Frame(size: Size(width: 20, height: 5))
    let chart = Chart(
      values: [1, 1, nil, nil, 1, 1], maximum: 1, topLabel: "100%", bottomLabel: "0%",
      startLabel: "-1h", endLabel: "now")
    chart.draw(
      in: frame.bounds, style: .plain, axisStyle: .plain, glyphs: .ascii, on: &frame)
    #expect(frame.plainText().contains("100%"))
    #expect(frame.text(row: 0).contains("#"))
    #expect(frame.text(row: 0).contains("#    ") || frame.text(row: 0).contains("# "))
  }

  @Test func `colours fall to the nearest that there is`() {
    #expect(Palette(terminalColors: 256).index(of: .palette(117)) == 117)
    #expect(Palette(terminalColors: 256).index(of: .rgb(255, 0, 0)) == 196)
    #expect(Palette(terminalColors: 8).index(of: .palette(9)) == 1)
    #expect((0..<8).contains(Palette(terminalColors: 8).index(of: .rgb(10, 200, 10))))
    #expect(Palette(terminalColors: -1).index(of: .palette(3)) == -1)
  }
}
