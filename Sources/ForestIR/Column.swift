/// One element of a forest's result.
package struct Column: Sendable, Hashable {
  package enum Role: String, Sendable, CaseIterable {
    /// A sum over the trees before any response function: exact on every IEEE machine.
    case margin
    /// What the trainer's own program reports: a score, a probability, a predicted value.
    case response
    /// The index of the chosen class.
    case label
  }

  /// The heading in a table of scores.
  package let name: String
  package let role: Role
  /// One sentence for people: what the number says, its range, which end is signal.
  package let meaning: String
  /// The width of the trainer's own result; the number is held as the float64 of the same value.
  package let width: Width
  /// Whether the column is part of the final output. A column that is not printed (the margin behind a score) is
  /// still available to programs.
  package let isPrinted: Bool

  package init(name: String, role: Role, meaning: String, width: Width, isPrinted: Bool = true) {
    self.name = name
    self.role = role
    self.meaning = meaning
    self.width = width
    self.isPrinted = isPrinted
  }
}
