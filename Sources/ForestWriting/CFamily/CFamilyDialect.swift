/// The language of a C family program, and what its names look like there.
///
/// C++ puts everything into a namespace of the model's name, and what is nobody's business into `detail` within it. C has
/// no namespaces: every name at file scope begins with the model's name.
struct CFamilyDialect {
  enum Language {
    /// C++11 and later: functions of `<cmath>` in `std`, tables as members of `Data`.
    case cpp
    /// C99: the same functions without a prefix, tables at file scope.
    case c
  }

  let language: Language
  /// The model's name, a valid identifier.
  let model: String

  static func cpp(_ model: String) -> CFamilyDialect { CFamilyDialect(language: .cpp, model: model) }
  static func c(_ model: String) -> CFamilyDialect { CFamilyDialect(language: .c, model: model) }

  var isC: Bool { language == .c }

  /// A name that users see, as it is spelled inside the header.
  func own(_ name: String) -> String { isC ? "\(model)_\(name)" : name }
  /// The same as it is spelled by users.
  func fromOutside(_ name: String) -> String { isC ? "\(model)_\(name)" : "\(model)::\(name)" }
  /// A name that users do not see, where it is declared and among its like.
  func hidden(_ name: String) -> String { isC ? "\(model)_detail_\(name)" : name }
  /// The same in the functions that users see.
  func reach(_ name: String) -> String { isC ? hidden(name) : "detail::" + name }

  /// A name of the standard library.
  func standard(_ name: String) -> String { isC ? name : "std::" + name }

  func name(of type: ScalarType) -> String {
    switch type {
    case .float32: "float"
    case .float64: "double"
    case .int32: standard("int32_t")
    case .truth: "bool"
    }
  }

  func cast(_ text: String, to type: String) -> String {
    isC ? "(\(type))(\(text))" : "static_cast<\(type)>(\(text))"
  }

  /// The head of a function that may stand in a header; a `;` or the body in braces is to follow.
  func function(_ result: String, _ name: String, _ parameters: String) -> String {
    isC
      ? "static inline \(result) \(name)(\(parameters.isEmpty ? "void" : parameters))"
      : "inline \(result) \(name)(\(parameters)) noexcept"
  }

  /// A line that parts a file, such as `// ---- What it is -----`.
  static func heading(_ title: String) -> String {
    "// ---- \(title) " + String(repeating: "-", count: max(4, 110 - title.count))
  }

  /// A text from anywhere as a literal. - Complexity: O(length).
  static func literal(_ text: String) -> String { "\"\(SafeText.cLiteral(text))\"" }

  /// The rest of a line of code, as a comment of bounded length.
  static func remark(_ text: String) -> String {
    let safe = SafeText.comment(text)
    return safe.isEmpty ? "" : "  // " + (safe.count > 90 ? safe.prefix(90) + "..." : safe)
  }
}
