import Domain
import Store
import Synchronization

/// What the person at this console looks at, and where that is told to the one who reads.
final class Attention: Sendable {
  private let own = Mutex<[WorkloadID]>([])
  /// Present while another process reads the platform.
  private let wish = Mutex<WishFile?>(nil)

  /// Of so many deployments at most more than the lists is read.
  private static let limit = 100

  /// Begins to ask another process, or ends it.
  func ask(through file: WishFile?) {
    wish.withLock { $0 = file }
    tell()
  }

  func look(at ids: [WorkloadID]) {
    let isNew = own.withLock { own in
      defer { own = ids }
      return own != ids
    }
    if isNew { tell() }
  }

  /// Asks the other process to read everything on screen again; false when there is none.
  func askToRefresh() -> Bool {
    wish.withLock { wish in
      wish?.change { $0.refreshes += 1 }
      return wish != nil
    }
  }

  private func tell() {
    let ids = own.withLock { $0 }
    wish.withLock { wish in
      wish?.change { wish in
        wish.focus = ids.map(\.rawValue)
        wish.opened = ids.count == 1 ? ids.first?.rawValue : nil
      }
    }
  }

  /// What is looked at anywhere: open pages and what is acted on first.
  func all(
    with wishes: [Wish], acting: [WorkloadID]
  ) -> (focus: [WorkloadID], opened: Set<WorkloadID>) {
    let ids = own.withLock { $0 }
    var opened = wishes.compactMap(\.opened).map { WorkloadID($0) }
    if ids.count == 1 { opened += ids }
    var seen: Set<WorkloadID> = []
    let others = wishes.flatMap { $0.focus.map { WorkloadID($0) } }
    let focus = (opened + acting + ids + others).filter { seen.insert($0).inserted }
    return (Array(focus.prefix(Self.limit)), Set(opened))
  }
}
