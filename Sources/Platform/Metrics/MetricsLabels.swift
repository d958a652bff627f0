/// Which labels of the GPU series say what; several names are tried in turn.
///
/// The defaults are those of NVIDIA's DCGM exporter, with and without a scraper that renames, and
/// of Koyeb-style exporters that name the instance and the service.
package struct MetricsLabels: Equatable, Sendable {
  package var id = ["UUID", "uuid"]
  package var slice = ["GPU_I_ID"]
  package var model = ["modelName", "model_name"]
  package var host = ["Hostname", "hostname"]
  package var index = ["gpu"]
  package var replica = ["instance_id", "exported_pod", "pod"]
  package var workload = ["service_id", "service_name", "exported_container"]
  package var region = ["region"]

  package init() {}

  /// Puts names from a configuration first; the keys are the properties' names.
  ///
  /// Throws `refused` with a sentence for a key that there is not.
  package init(configured: [String: String]) throws(PlatformError) {
    for (key, name) in configured {
      guard Self.isLabel(name) else { throw .refused("'\(name)' is not a label name") }
      switch key {
      case "id": id = [name]
      case "slice": slice = [name]
      case "model": model = [name]
      case "host": host = [name]
      case "index": index = [name]
      case "replica": replica = [name]
      case "workload": workload = [name]
      case "region": region = [name]
      default:
        throw .refused(
          "no label '\(key)'; there are id, slice, model, host, index, replica, workload, region")
      }
    }
  }

  var identity: [String] { id + slice }
  var all: [String] { identity + model + host + index + replica + workload + region }

  /// Where the names of each label stand in `all`; those of the identity stand there in `identity`.
  struct Positions {
    let id: Range<Int>
    let slice: Range<Int>
    let model: Range<Int>
    let host: Range<Int>
    let index: Range<Int>
    let replica: Range<Int>
    let workload: Range<Int>
    let region: Range<Int>

    init(_ labels: MetricsLabels) {
      id = 0..<labels.id.count
      slice = Self.after(id, labels.slice)
      model = Self.after(slice, labels.model)
      host = Self.after(model, labels.host)
      index = Self.after(host, labels.index)
      replica = Self.after(index, labels.replica)
      workload = Self.after(replica, labels.workload)
      region = Self.after(workload, labels.region)
    }

    private static func after(_ range: Range<Int>, _ names: [String]) -> Range<Int> {
      range.upperBound..<range.upperBound + names.count
    }
  }

  private static func isLabel(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
    return name.utf8.allSatisfy {
      ($0 >= 48 && $0 <= 57) || ($0 >= 65 && $0 <= 90) || ($0 >= 97 && $0 <= 122) || $0 == 95
    }
  }
}
