/// Everything that is computed by one emitted file, planned to the last operation and not yet spelled in any language.
///
/// A back-end prints the tables, then the routines (each stands behind those that it calls), then its own interface around
/// the entry points. It decides nothing about arithmetic.
package struct Program: Sendable {
  package struct Table: Sendable {
    package enum Numbers: Sendable {
      case float32([Float])
      case float64([Double])
      /// All within the given storage.
      case integers([Int32], Storage)

      package var count: Int {
        switch self {
        case .float32(let numbers): numbers.count
        case .float64(let numbers): numbers.count
        case .integers(let numbers, _): numbers.count
        }
      }
    }
    /// How many bytes an integer of a table takes; all are signed.
    package enum Storage: Int, Sendable { case int8 = 1, int16 = 2, int32 = 4 }

    package let name: String
    /// A sentence for readers.
    package let comment: String
    /// At least one.
    package let numbers: Numbers
    package init(name: String, comment: String, numbers: Numbers) {
      self.name = name
      self.comment = comment
      self.numbers = numbers
    }
  }

  package let tables: [Table]
  package let routines: [Routine]

  /// The routine that writes all printed columns: parameters `x` (inputs, `inputType`) and `out` (float64), no result.
  package let outputsEntry: String
  /// The same for the raw margins; nil where the forest has none.
  package let marginsEntry: String?
  /// Parameters `x` and `leaf` (int32): writes the number of the leaf for every tree, −1 for those not asked.
  package let leavesEntry: String

  /// The type to which the caller's numbers are rounded before any entry is called.
  package let inputType: ScalarType
  package let inputCount: Int
  package let outputCount: Int
  package let marginCount: Int
  package let treeCount: Int
  /// Where trees are asked by ranks: routines with a body `.ranked` are about them.
  package let ranked: RankedProgram?
}
