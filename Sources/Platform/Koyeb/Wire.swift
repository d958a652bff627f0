import FoundationEssentials

/// The parts of Koyeb's answers that vigie reads.
///
/// Every field may be missing or null; a status that is not known keeps its text.
enum Wire {
  struct AppItem: Decodable {
    var id: String
    var name: String?
    var status: String?
  }

  struct ServiceItem: Decodable {
    var id: String
    var name: String?
    var type: String?
    var app_id: String?
    var status: String?
    var messages: [String]?
    var version: Lenient<UInt64>?
    var created_at: String?
    var updated_at: String?
    var active_deployment_id: String?
    var latest_deployment_id: String?
  }

  struct DeploymentItem: Decodable {
    struct Metadata: Decodable {
      struct Trigger: Decodable {
        struct Git: Decodable {
          var sha: String?
          var sender_username: String?
        }

        var type: String?
        var actor: String?
        var git: Git?
      }

      var trigger: Trigger?
    }

    struct Provisioning: Decodable {
      var sha: String?
      var image: String?
    }

    var id: String
    var service_id: String?
    var parent_id: String?
    var status: String?
    var messages: [String]?
    var version: Lenient<UInt64>?
    var created_at: String?
    var started_at: String?
    var succeeded_at: String?
    var terminated_at: String?
    var metadata: Metadata?
    var provisioning_info: Provisioning?
    var definition: DefinitionItem?
  }

  struct InstanceItem: Decodable {
    var id: String
    var service_id: String?
    var xyz_deployment_id: String?
    var region: String?
    var type: String?
    var replica_index: Lenient<Int>?
    var status: String?
    var messages: [String]?
    var datacenter: String?
    var created_at: String?
    var updated_at: String?
  }

  struct Override: Codable {
    var scopes: [String]?
    var instances: Lenient<Int>?
  }

  struct ActivityItem: Decodable {
    struct Object: Decodable {
      struct Metadata: Decodable {
        var app_name: String?
        var service_id: String?
        var service_name: String?
      }

      var id: String?
      var name: String?
      var type: String?
      var metadata: Metadata?
    }

    struct Metadata: Decodable {
      var count: Lenient<Int>?
      var previous_count: Lenient<Int>?
      var region: String?
      var messages: [String]?
    }

    var id: String
    var actor: Object?
    var object: Object?
    var verb: String?
    var metadata: Metadata?
    var created_at: String?
  }

  struct UsageItem: Decodable {
    var instance_id: String
    var service_id: String?
    var service_name: String?
    var region: String?
    var instance_type: String?
    var duration_seconds: Lenient<Int>?
    var started_at: String?
    var terminated_at: String?
  }

  struct InstanceTypeItem: Decodable {
    struct GPU: Decodable {
      var count: Lenient<Int>?
      var name: String?
      var brand: String?
      var memory: String?
    }

    var id: String
    var display_name: String?
    var type: String?
    var vcpu_shares: Lenient<Double>?
    var memory: String?
    var price_per_second: String?
    var regions: [String]?
    var gpu: GPU?
  }

  struct RegionItem: Decodable {
    var id: String
    var name: String?
    var scope: String?
    var status: String?
  }

  struct Series: Decodable {
    struct Sample: Decodable {
      var timestamp: String?
      var value: Lenient<Double>?
    }

    var labels: [String: String]?
    var samples: [Sample]?
  }
}

/// A number that may come as a string: the way int64 travels in proto-JSON.
struct Lenient<Number: LosslessStringConvertible & Codable & Sendable>: Codable, Sendable {
  var value: Number?

  init(_ value: Number?) {
    self.value = value
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Number.self) {
      value = number
    } else if let text = try? container.decode(String.self) {
      value = Number(text)
    } else {
      value = nil
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}

/// An item of a list, or the fact that it could not be read: one bad row spoils no page.
struct Quarantined<Item: Decodable>: Decodable {
  var item: Item?

  init(from decoder: any Decoder) throws {
    item = try? Item(from: decoder)
  }
}
