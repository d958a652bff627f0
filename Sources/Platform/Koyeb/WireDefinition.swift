extension Wire {
  /// A deployment's definition; secrets are read only to be fingerprinted, and go no further.
  struct DefinitionItem: Decodable {
    struct Scaling: Decodable {
      struct Target: Decodable {
        struct Value: Decodable {
          var value: Lenient<Int>?
          var quantile: Lenient<Int>?
          var deep_sleep_value: Lenient<Int>?
          var light_sleep_value: Lenient<Int>?
        }

        var average_cpu: Value?
        var average_mem: Value?
        var requests_per_second: Value?
        var concurrent_requests: Value?
        var requests_response_time: Value?
        var sleep_idle_delay: Value?
      }

      var scopes: [String]?
      var min: Lenient<Int>?
      var max: Lenient<Int>?
      var targets: [Target]?
    }

    struct TypeChoice: Decodable {
      var scopes: [String]?
      var type: String?
    }

    struct Variable: Decodable {
      var key: String?
      var value: String?
      var secret: String?
    }

    struct Port: Decodable {
      var port: Lenient<Int>?
      var `protocol`: String?
    }

    struct Route: Decodable {
      var port: Lenient<Int>?
      var path: String?
    }

    struct ConfigFile: Decodable {
      var path: String?
      var content: String?
    }

    struct Strategy: Decodable {
      var type: String?
    }

    struct Docker: Decodable {
      var image: String?
    }

    struct Git: Decodable {
      var repository: String?
      var branch: String?
      var tag: String?
      var sha: String?
    }

    struct Archive: Decodable {
      var id: String?
    }

    struct Presence: Decodable {
      init(from decoder: any Decoder) {}
    }

    var regions: [String]?
    var scalings: [Scaling]?
    var instance_types: [TypeChoice]?
    var env: [Variable]?
    var ports: [Port]?
    var routes: [Route]?
    var config_files: [ConfigFile]?
    var volumes: [Presence]?
    var strategy: Strategy?
    var docker: Docker?
    var git: Git?
    var archive: Archive?
    var database: Presence?
  }
}
