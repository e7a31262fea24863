import ForestIR

/// Spells programs in the languages of the C family, which differ in little besides casts and where names live.
///
/// Parentheses are as few as a reader needs: none that precedence makes superfluous, but always those that compilers ask for
/// under `-Wparentheses`. Everything is clean under `-Wconversion`: each change of type is written out.
struct CFamilyPrinter {
  let dialect: CFamilyDialect
  let spelling: NumberSpelling
  /// The type in which each table is stored; integers of any size count as `int32`, to which they are promoted.
  let storedTypes: [String: ScalarType]
  let ranked: RankedProgram?

  /// Names of variables and arrays that the routine at hand has read so far.
  var readNames: Set<String> = []
  /// Names that it has written to, or declared.
  var writtenNames: Set<String> = []
  /// Locals that are known never to be read: compilers want to hear that this is meant.
  var unreadNames: Set<String> = []
  /// What the routines use of our own helpers, which must be declared before them.
  private(set) var helpers: Set<CFamilyHelper> = []

  init(_ program: Program, dialect: CFamilyDialect) {
    self.dialect = dialect
    spelling = dialect.isC ? .c : .cpp
    ranked = program.ranked
    var types: [String: ScalarType] = [:]
    for table in program.tables {
      switch table.numbers {
      case .float32: types[table.name] = .float32
      case .float64: types[table.name] = .float64
      case .integers: types[table.name] = .int32
      }
    }
    storedTypes = types
  }

  mutating func require(_ helper: CFamilyHelper) -> String {
    helpers.insert(helper)
    return dialect.hidden(helper.name)
  }

  func name(of type: ScalarType) -> String { dialect.name(of: type) }

  func name(of storage: Program.Table.Storage) -> String {
    dialect.standard("int\(storage.rawValue * 8)_t")
  }

  /// The struct of a leaf whose value has the given type.
  func leafName(_ type: ScalarType) -> String { dialect.hidden(type == .float32 ? "FloatLeaf" : "Leaf") }

  /// What makes such a struct of a value and a number, in front of an opening bracket and behind the closing one.
  func leafMaker(_ type: ScalarType) -> (opening: String, closing: String) {
    dialect.isC ? (dialect.hidden(type == .float32 ? "float_leaf" : "leaf") + "(", ")") : (leafName(type) + "{", "}")
  }

  func tableName(_ name: String) -> String { dialect.isC ? dialect.hidden(name) : "Data::" + name }

  func cast(_ text: String, to type: ScalarType) -> String {
    dialect.cast(text, to: name(of: type))
  }
}
