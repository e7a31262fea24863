import CForestKernels
import ForestRanking

/// Files of the runtime as they are carried into a header: only what the forest in hand asks for, in the words of the language.
///
/// What only some forests need stands there between `#if` and `#endif` on the kinds of trees, which are answered here instead of by
/// the compiler. Other conditions are left to it.
struct CFamilyRuntimeText {
  let dialect: CFamilyDialect
  let kinds: Kinds

  /// The kinds of trees that a forest has.
  struct Kinds {
    /// Whether ranks are bytes.
    private(set) var areBytes = false
    private(set) var hasAnyShape = false
    private(set) var hasOblivious = false
    /// The levels of the highest of the other trees whose ways are of one length; 0 if there is none.
    private(set) var levels = 0

    init(_ layout: RankedProgram.Layout) {
      guard case .bytes(let ensemble) = layout else { return }
      areBytes = true
      for tree in ensemble.trees {
        if tree.height == 0 {
          hasAnyShape = true
        } else if tree.is_oblivious != 0 {
          hasOblivious = true
        } else {
          levels = max(levels, Int(tree.height))
        }
      }
    }

    /// What the names in conditions stand for.
    private var values: [Substring: Int] {
      [
        "FOREST_BYTES": areBytes ? 1 : 0, "FOREST_ANY_SHAPE": hasAnyShape ? 1 : 0, "FOREST_OBLIVIOUS": hasOblivious ? 1 : 0,
        "FOREST_LEVELS": levels,
      ]
    }

    /// Whether a condition of the form `NAME`, `NAME >= 2` or `NAME || …` holds; nil if it is not about kinds of trees.
    func answer(_ condition: Substring) -> Bool? {
      var holds = false
      for term in condition.split(separator: "||") {
        let words = term.split(separator: " ")
        guard let value = words.first.flatMap({ values[$0] }) else { return nil }
        if value >= (words.count == 3 ? Int(words[2]) ?? 1 : 1) { holds = true }
      }
      return holds
    }
  }

  /// A file of the runtime, without line feeds at its end.
  func file(_ name: String, set: String? = nil) -> String {
    guard let text = forest_runtime_text(name) else { preconditionFailure("\(name) is not part of the runtime") }
    return adapted(String(cString: text), set: set)
  }

  /// The lines that the forest needs, in the dialect's words: in C, names at file scope begin with the model's; in C++, those of
  /// the library with `std`.
  ///
  /// - Parameter set: what `SET` at the end of a name stands for.
  func adapted(_ text: String, set: String? = nil) -> String {
    var result = "", isAfterEmptyLine = true
    // For each condition that is open: whether what stands there is needed; nil for the compiler's.
    var open: [Bool?] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("#if") {
        let answer = line.hasPrefix("#if ") ? kinds.answer(line.dropFirst(4)) : nil
        open.append(answer)
        if answer != nil { continue }
      } else if line.hasPrefix("#endif"), open.removeLast() != nil {
        continue
      }
      if open.contains(false) || (line.isEmpty && isAfterEmptyLine) { continue }
      isAfterEmptyLine = line.isEmpty
      result += translated(line, set) + "\n"
    }
    while result.utf8.last == UInt8(ascii: "\n") { result.removeLast() }
    return result
  }

  private static let library: Set<String> = ["uint8_t", "uint16_t", "uint32_t", "uint64_t", "int32_t", "size_t", "memcpy"]

  private func translated(_ line: Substring, _ set: String?) -> String {
    var result = "", word = ""
    func flush() {
      if let set, word.hasSuffix("_SET") {
        // An event's walk through trees is the same for two of the sets.
        word.replaceSubrange(word.index(word.endIndex, offsetBy: -3)..., with: word == "forest_find_leaves_SET" && set == "avx2" ? "plain" : set)
      }
      if word.hasPrefix("forest_") {
        result += dialect.hidden(word)
      } else if !dialect.isC, CFamilyRuntimeText.library.contains(word) {
        result += "std::" + word
      } else {
        result += word
      }
      word = ""
    }
    for scalar in line.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_": word.unicodeScalars.append(scalar)
      default:
        if !word.isEmpty { flush() }
        result.unicodeScalars.append(scalar)
      }
    }
    flush()
    return result
  }
}
