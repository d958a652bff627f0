/// Where a region is, in law; after Koyeb's list of regions of 2026-02.
package enum Jurisdiction {
  /// Nil for a region that is not in the table.
  package static func of(_ region: RegionID) -> String? {
    switch region.rawValue {
    case "fra", "par", "eu": "EU"
    case "was", "na", "sfo", "rdu", "dal", "dsm", "mci": "US"
    case "sin", "tyo", "ap", "maa": "AP"
    case "sao": "BR"
    default: nil
    }
  }
}
