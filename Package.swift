// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let asyncHTTPClient = Target.Dependency.product(
  name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")

let package = Package(
  name: "vigie",
  products: [.executable(name: "vigie", targets: ["vigie"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0", traits: []),
  ],
  targets: [
    .target(
      name: "CNcurses",
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(name: "Terminal", dependencies: ["CNcurses"], swiftSettings: strict),
    .target(name: "Domain", swiftSettings: strict),
    .target(
      name: "Platform",
      dependencies: [
        "Domain", asyncHTTPClient, logging, nioCore,
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),
    .target(
      name: "Store",
      dependencies: ["Domain", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: strict),
    .target(
      name: "Engine", dependencies: ["Domain", "Platform", "Store", logging],
      swiftSettings: strict),
    .target(name: "Console", dependencies: ["Domain", "Terminal"], swiftSettings: strict),
    .target(
      name: "Simulator",
      dependencies: [
        "Domain", "Platform", hummingbird, logging, nioCore,
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "vigie",
      dependencies: [
        "Console", "Domain", "Engine", "Platform", "Simulator", "Store", "Terminal", logging,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "TOMLKit", package: "TOMLKit"),
      ],
      swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["Console", "Domain", "Terminal"],
      path: "Tests/TestSupport", swiftSettings: strict),
    .target(
      name: "CVirtualTerminal", path: "Tests/CVirtualTerminal",
      linkerSettings: [.linkedLibrary("vterm"), .linkedLibrary("util")]),
    .testTarget(name: "TerminalTests", dependencies: ["Terminal"], swiftSettings: strict),
    .testTarget(
      name: "DomainTests", dependencies: ["Domain", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "PlatformTests", dependencies: ["Domain", "Platform", hummingbird, nioCore],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "StoreTests",
      dependencies: ["Domain", "Store", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: strict),
    .testTarget(
      name: "EngineTests",
      dependencies: ["Domain", "Engine", "Platform", "Simulator", "Store", logging],
      swiftSettings: strict),
    .testTarget(
      name: "ConsoleTests", dependencies: ["Console", "Domain", "Terminal", "TestSupport"],
      exclude: ["Screens"],
      swiftSettings: strict),
    .testTarget(
      name: "SimulatorTests",
      dependencies: ["Domain", "Platform", "Simulator", asyncHTTPClient, nioCore],
      swiftSettings: strict),
    .testTarget(
      name: "JourneyTests",
      dependencies: [
        "Console", "Domain", "Engine", "Platform", "Simulator", "Store", "Terminal",
        "TestSupport", logging,
      ],
      exclude: ["Screens"], swiftSettings: strict),
    .testTarget(
      name: "VigieTests", dependencies: ["Console", "Domain", "vigie", "TestSupport"],
      swiftSettings: strict),
    .testTarget(name: "ArchitectureTests", swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["CVirtualTerminal", "Domain", "Simulator"], swiftSettings: strict),
  ]
)
