package import ForestIR

/// Which inputs of two forests are the same quantity.
package struct InputMatch: Sendable, Equatable {
  package struct Pair: Sendable, Equatable {
    /// The positions in the first and in the second forest; nil where that one has no such input.
    package let a: Int?
    package let b: Int?
  }

  /// All inputs of both: those of the first in their order, then what only the second has.
  package let pairs: [Pair]
  /// Whether names played no part.
  package let isByPosition: Bool

  /// Inputs of the same label belong together; those left over in their order, if both forests have as many of them.
  /// Where a forest's inputs have no names, or if `byPosition`, order alone decides.
  package init(_ a: [Input], _ b: [Input], byPosition: Bool = false) {
    isByPosition = byPosition || a.allSatisfy(\.isUnnamed) || b.allSatisfy(\.isUnnamed)
    var partner = [Int?](repeating: nil, count: a.count)
    var isFree = [Bool](repeating: true, count: b.count)
    if isByPosition {
      for index in 0..<min(a.count, b.count) {
        partner[index] = index
        isFree[index] = false
      }
    } else {
      var places: [String: [Int]] = [:]
      for (index, input) in b.enumerated().reversed() { places[input.label, default: []].append(index) }
      for (index, input) in a.enumerated() {
        guard let place = places[input.label]?.popLast() else { continue }
        partner[index] = place
        isFree[place] = false
      }
      let left = a.indices.filter { partner[$0] == nil }, right = b.indices.filter { isFree[$0] }
      if left.count == right.count {
        for (index, place) in zip(left, right) {
          partner[index] = place
          isFree[place] = false
        }
      }
    }
    pairs =
      a.indices.map { Pair(a: $0, b: partner[$0]) } + b.indices.filter { isFree[$0] }.map { Pair(a: nil, b: $0) }
  }

  /// For each input of the first forest its place among `pairs`.
  package var placesOfA: [Int] { places(\.a) }
  /// For each input of the second.
  package var placesOfB: [Int] { places(\.b) }

  private func places(_ side: (Pair) -> Int?) -> [Int] {
    pairs.indices.compactMap { place in side(pairs[place]).map { (place, $0) } }.sorted { $0.1 < $1.1 }.map(\.0)
  }
}

/// Which results of two forests are to be compared.
package struct ColumnMatch: Sendable, Equatable {
  package struct Pair: Sendable, Equatable {
    package let a: Int
    package let b: Int
  }

  package let pairs: [Pair]
  /// Printed columns that have no counterpart.
  package let onlyA: [Int]
  package let onlyB: [Int]

  /// Within a role, columns of the same names belong together; where a role has as many in both forests, the others in order.
  ///
  /// - Parameter roles: what is compared.
  package init(_ a: [Column], _ b: [Column], roles: Set<Column.Role>) {
    var pairs: [Pair] = []
    for role in Column.Role.allCases where roles.contains(role) {
      let left = a.indices.filter { a[$0].role == role }, right = b.indices.filter { b[$0].role == role }
      let names = Set(right.map { b[$0].name })
      if left.count == right.count, !left.allSatisfy({ names.contains(a[$0].name) }) {
        pairs += zip(left, right).map { Pair(a: $0, b: $1) }
      } else {
        pairs += left.compactMap { index in
          right.first { b[$0].name == a[index].name }.map { Pair(a: index, b: $0) }
        }
      }
    }
    let printed = (a.indices.filter { a[$0].isPrinted && roles.contains(a[$0].role) }, b.indices.filter { b[$0].isPrinted && roles.contains(b[$0].role) })
    // A raw score that one forest calls the response and the other the margin.
    if pairs.isEmpty, printed.0.count == printed.1.count { pairs = zip(printed.0, printed.1).map { Pair(a: $0, b: $1) } }
    self.pairs = pairs.sorted { $0.a < $1.a }
    let used = (Set(pairs.map(\.a)), Set(pairs.map(\.b)))
    onlyA = printed.0.filter { !used.0.contains($0) }
    onlyB = printed.1.filter { !used.1.contains($0) }
  }
}
