import Testing

@testable import vigie

struct ConfigurationTests {
  @Test func `a full configuration is read`() throws {
    let configuration = try Configuration.parse(
      """
      context = "prod"
      theme = "vigie-light"
      ascii = true
      [contexts.prod]
      platform = "koyeb"
      url = "https://app.koyeb.com"
      token_env = "PROD_TOKEN"
      read_only = true
      [contexts.prod.metrics]
      url = "https://prometheus.example.com/prometheus"
      tenant = "team-a"
      [contexts.prod.metrics.labels]
      workload = "koyeb_service"
      """, file: "config.toml")
    #expect(configuration.defaultContext == "prod")
    #expect(configuration.theme == "vigie-light")
    #expect(configuration.ascii == true)
    let context = try #require(configuration.contexts.first)
    #expect(context.isReadOnly)
    #expect(context.tokenVariable == "PROD_TOKEN")
    #expect(context.metrics?.tenant == "team-a")
    #expect(context.metrics?.labels == ["workload": "koyeb_service"])
  }

  @Test(arguments: [
    ("theme = 3", 1, "text in quotes"),
    ("theme = \"a\"\nascii = \"yes\"", 2, "true or false"),
    ("\n\ncolour = 1", 3, "unknown key 'colour'"),
    ("[contexts.prod]\nurll = \"x\"", 2, "unknown key 'urll'"),
    ("[contexts.prod]\nplatform = \"nomad\"", 2, "koyeb"),
    ("[contexts.prod.metrics]\ntenant = \"a\"", 1, "with a url"),
    ("context = \"nowhere\"", 1, "under [contexts]"),
    ("theme = ", 1, "not valid TOML"),
  ])
  func `a mistake is told with its line`(text: String, line: Int, part: String) throws {
    let error = try #require(throws: ConfigurationError.self) {
      try Configuration.parse(text, file: "config.toml")
    }
    #expect(error.line == line)
    #expect(error.description.contains(part), "\(error)")
    #expect(error.description.hasPrefix("config.toml:\(line):"))
  }

  @Test(arguments: ["..", "a/b", "", ".hidden", "a b", "\u{202E}x"])
  func `a context's name cannot leave its folder`(name: String) {
    #expect(!Configuration.isUsableName(name))
  }

  @Test func `a missing file is an empty configuration`() throws {
    #expect(try Configuration.load(path: "/nonexistent/config.toml") == Configuration())
  }
}

struct PathsTests {
  @Test func `the XDG variables win when they are absolute`() throws {
    let paths = try Paths(environment: [
      "HOME": "/home/me", "XDG_STATE_HOME": "/state", "XDG_CONFIG_HOME": "relative",
    ])
    #expect(paths.state == "/state/vigie")
    #expect(paths.configuration == "/home/me/.config/vigie")
  }

  @Test func `without a home nothing is guessed`() {
    #expect(throws: ConfigurationError.self) { try Paths(environment: [:]) }
    #expect(throws: ConfigurationError.self) { try Paths(environment: ["HOME": "here"]) }
  }
}

struct RedactionTests {
  @Test(arguments: [
    ("Authorization: Bearer abc", "Authorization: [redacted] [redacted]"),
    ("got Bearer short now", "got Bearer [redacted] now"),
    ("key 0123456789abcdef0123456789abcdef0 end", "key [redacted] end"),
    ("url?token=abc rest", "url?token=[redacted] rest"),
    (
      "service 3f2a9d3e-0000-4000-8000-000000000000 ok",
      "service 3f2a9d3e-0000-4000-8000-000000000000 ok"
    ),
    ("", ""),
    ("  two  spaces ", "  two  spaces "),
  ])
  func `what is shaped like a credential is taken out`(text: String, expected: String) {
    #expect(Redaction.apply(to: text) == expected)
  }
}
