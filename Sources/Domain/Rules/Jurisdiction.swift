/// Where a region is, in law: Koyeb's list of regions of 2026-02, and what an operator added to it.
package struct JurisdictionTable: Equatable, Sendable {
  /// What was configured; it beats what comes with the program.
  package var overrides: [RegionID: String]

  package init(overrides: [RegionID: String] = [:]) {
    self.overrides = overrides
  }

  /// Nil for a region that is not in the table.
  package func of(_ region: RegionID) -> String? {
    if let name = overrides[region] { return name }
    switch region.rawValue {
    case "fra", "par", "eu": return "EU"
    case "was", "na", "sfo", "rdu", "dal", "dsm", "mci": return "US"
    case "sin", "tyo", "ap", "maa": return "AP"
    case "sao": return "BR"
    default: return nil
    }
  }

  /// `na (US)`; one that is not in the table says so.
  package func text(_ region: RegionID) -> String {
    "\(region) (\(of(region) ?? "in no jurisdiction that is known"))"
  }
}
