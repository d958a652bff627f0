import Testing

@testable import Platform

struct EndpointTests {
  @Test(arguments: [
    ("https://app.koyeb.com", "https://app.koyeb.com"),
    ("https://app.koyeb.com/", "https://app.koyeb.com"),
    ("https://prom.example.com:9090/prometheus/", "https://prom.example.com:9090/prometheus"),
    ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ("http://localhost:1", "http://localhost:1"),
    ("http://[::1]:80", "http://[::1]:80"), ("HTTPS://App.Koyeb.com", "https://app.koyeb.com"),
    ("http://127.9.9.9", "http://127.9.9.9"),
  ])
  func `good addresses are taken`(text: String, base: String) throws {
    #expect(try PlatformEndpoint.parse(text).base == base)
  }

  @Test(arguments: [
    "", " ", "app.koyeb.com", "http://app.koyeb.com", "http://10.0.0.1", "ftp://127.0.0.1",
    "https://user@app.koyeb.com", "https://user:pw@app.koyeb.com", "https://app.koyeb.com@evil.tld",
    "https://app.koyeb.com?x=1", "https://app.koyeb.com#f", "https://app.koyeb.com/a?b",
    "https://169.254.169.254", "https://[fe80::1]", "https://a b.com", "https://a\nb.com",
    "https://exa\u{202E}mple.com", "https://app.koyeb.com\\@evil", "https://", "https:///v1",
    "javascript:alert(1)", "file:///etc/passwd", "https://host:0", "https://host:99999",
    "https://host//double", "https://host/../up", "http://127.0.0.1.evil.tld", "http://127.1.evil",
    "http://localhost.evil.tld", "//host", "https://ex%41mple.com@x", "http://0.0.0.0",
  ])
  func `addresses that could send a token elsewhere are refused`(text: String) {
    #expect(throws: PlatformError.self) { try PlatformEndpoint.parse(text) }
  }

  @Test func `a secret does not print`() {
    let secret = Secret("CANARY-value")
    #expect(!"\(secret)".contains("CANARY"))
    #expect(!String(reflecting: secret).contains("CANARY"))
    var text = ""
    dump(secret, to: &text)
    #expect(!text.contains("CANARY"))
  }
}
