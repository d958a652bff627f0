import ArgumentParser
import Domain

/// What every command that acts understands.
struct ActionOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Flag(name: .long, help: "Print the plan and stop; nothing is sent.")
  var dryRun = false

  @Flag(name: .shortAndLong, help: "Send without asking; a dangerous plan needs --confirm too.")
  var yes = false

  @Option(help: ArgumentHelp("The deployment's name, for a dangerous plan.", valueName: "name"))
  var confirm: String?

  @Option(
    help: ArgumentHelp(
      "Set a freeze aside; the plan is dangerous then, and the journal keeps why.",
      valueName: "reason"))
  var overrideFreeze: String?

  /// The reason as it goes into the plan.
  var waiver: Waiver? { overrideFreeze.flatMap { Waiver(given: $0) } }

  @Flag(
    help: "Follow it until it is seen to hold or to have failed; --wait=5m says how long.")
  var wait = false

  @Option(help: "How long --wait follows, up to 10m.")
  var timeout = Timeout(seconds: 600)

  @Option(name: .shortAndLong, help: "text or json.")
  var output = Format.text

  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    guard overrideFreeze == nil || waiver != nil else {
      throw ValidationError(
        "--override-freeze: give a reason of at most \(Waiver.longestReason) characters")
    }
    guard timeout.seconds <= 600 else {
      throw ValidationError("--timeout: an action is followed for 10m at most")
    }
  }
}

/// A length of time as it is written: `90s`, `10m`, `1h30m`.
struct Timeout: ExpressibleByArgument, Equatable, CustomStringConvertible {
  let seconds: Double

  init(seconds: Double) {
    self.seconds = seconds
  }

  init?(argument: String) {
    guard let seconds = TimeExpression.duration(argument), seconds > 0, seconds <= 604_800 else {
      return nil
    }
    self.seconds = seconds
  }

  var duration: Duration { .milliseconds(Int(seconds * 1000)) }

  var description: String { Formatting.age(seconds: seconds) }

  var defaultValueDescription: String { description }
}
