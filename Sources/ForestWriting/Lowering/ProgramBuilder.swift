import ForestIR

/// Collects the tables and routines of a program while it is lowered, and hands out their names.
///
/// A reference type, since lowering a model lowers the models inside it into the same program.
final class ProgramBuilder {
  private(set) var tables: [Program.Table] = []
  private(set) var routines: [Routine] = []
  private var taken: Set<String> = []
  private var constants: [ConstantKey: String] = [:]
  let pool: TreePool
  var curves = CurveSets()
  /// The type of the table of thresholds, once it is there.
  var thresholdType: ScalarType?

  private struct ConstantKey: Hashable {
    let numbers: Vector
    let type: ScalarType
  }

  init(pool: TreePool) { self.pool = pool }

  /// `base`, or `base_2`, `base_3`, … where it is taken.
  func freshName(_ base: String) -> String {
    var name = base
    var number = 2
    while !taken.insert(name).inserted {
      name = "\(base)_\(number)"
      number += 1
    }
    return name
  }

  func isTaken(_ name: String) -> Bool { taken.contains(name) }

  /// Takes a name for a routine of the library; false if the routine is already there.
  func claim(_ name: String) -> Bool { taken.insert(name).inserted }

  func add(_ table: Program.Table) { tables.append(table) }
  func add(_ routine: Routine) { routines.append(routine) }

  /// The table of a vector of constants; vectors with equal bits share one.
  func constants(_ vector: Vector, _ type: ScalarType, named base: String) -> String {
    let key = ConstantKey(numbers: vector, type: type)
    if let name = constants[key] { return name }
    let name = freshName(base)
    constants[key] = name
    let numbers: Program.Table.Numbers =
      type == .float32 ? .float32(vector.elements.map { Float($0) }) : .float64(vector.elements)
    add(Program.Table(name: name, comment: "Constants.", numbers: numbers))
    return name
  }

  /// The table of a list of positions.
  func positions(_ positions: [Int32], named base: String, comment: String) -> String {
    let key = ConstantKey(numbers: Vector(positions.map(Double.init)), type: .int32)
    if let name = constants[key] { return name }
    let name = freshName(base)
    constants[key] = name
    add(Program.Table(name: name, comment: comment, numbers: .narrowest(positions)))
    return name
  }
}

extension Program.Table.Numbers {
  /// Integers in the least storage that holds them.
  static func narrowest(_ numbers: [Int32]) -> Program.Table.Numbers {
    var lowest: Int32 = 0, highest: Int32 = 0
    for number in numbers {
      lowest = min(lowest, number)
      highest = max(highest, number)
    }
    if lowest >= Int32(Int8.min), highest <= Int32(Int8.max) { return .integers(numbers, .int8) }
    if lowest >= Int32(Int16.min), highest <= Int32(Int16.max) { return .integers(numbers, .int16) }
    return .integers(numbers, .int32)
  }

  /// float32 if nothing is lost by it.
  static func narrowest(_ numbers: [Double]) -> Program.Table.Numbers {
    numbers.allSatisfy(Width.float32.holds) ? .float32(numbers.map { Float($0) }) : .float64(numbers)
  }

  var type: ScalarType {
    switch self {
    case .float32: .float32
    case .float64: .float64
    case .integers: .int32
    }
  }
}
