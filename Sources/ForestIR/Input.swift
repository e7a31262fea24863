/// One quantity that a caller hands to a forest.
package struct Input: Sendable, Hashable {
  package enum Kind: String, Sendable, CaseIterable { case real, integer }

  /// What the quantity is for.
  package enum Role: String, Sendable, CaseIterable {
    /// The trees may ask for it.
    case feature
    /// Only conditions and transformations read it (for instance which detector region an event belongs to).
    case selector
  }

  /// The name by which a column of a table is found. Any text, from an untrusted file.
  package let label: String
  /// The formula by which an analysis computes it, as written at training time; empty if unknown.
  package let expression: String
  /// A caption for people, possibly with markup; empty if unknown.
  package let title: String
  /// The unit; empty if dimensionless or unknown.
  package let unit: String
  package let kind: Kind
  package let role: Role
  /// The smallest and largest value seen in training. Informative: nothing is clipped to it.
  package let trainingRange: TrainingRange?
  /// The label is this reader's own (`x0`, `x1`, …) because the file names no inputs: columns are taken by position.
  package let isUnnamed: Bool

  package struct TrainingRange: Sendable, Hashable {
    package let lowest: Double
    package let highest: Double
    package init(lowest: Double, highest: Double) {
      self.lowest = lowest
      self.highest = highest
    }
  }

  package init(
    label: String, expression: String = "", title: String = "", unit: String = "", kind: Kind = .real,
    role: Role = .feature, trainingRange: TrainingRange? = nil, isUnnamed: Bool = false
  ) {
    self.label = label
    self.expression = expression
    self.title = title
    self.unit = unit
    self.kind = kind
    self.role = role
    self.trainingRange = trainingRange
    self.isUnnamed = isUnnamed
  }
}
