/// Makes identifiers from untrusted text: valid and unique in C, C++, Python and Swift alike.
package struct IdentifierNamer: Sendable {
  private var taken: Set<String>

  /// - Parameter reserved: names that the surrounding code uses itself, besides the languages' own words.
  package init(reserved: some Sequence<String> = []) {
    taken = IdentifierNamer.keywords.union(reserved)
  }

  /// An identifier that resembles `text`: letters, digits and single underscores, ASCII only, not starting with a digit or
  /// an underscore, at most 64 characters, not given out before.
  ///
  /// Operators are spelled (`pt1/pt2` → `pt1_over_pt2`, `a+b` → `a_plus_b`) so that different formulas stay different; where
  /// two names still collide, the later one gets a number.
  package mutating func name(for text: String, fallback: String) -> String {
    var base = IdentifierNamer.sanitised(text)
    if base.isEmpty { base = fallback }
    if let first = base.utf8.first, first >= 0x30, first <= 0x39 { base = fallback + "_" + base }
    base = String(base.prefix(64))
    while base.last == "_" { base.removeLast() }
    var candidate = base
    var number = 2
    while taken.contains(candidate) {
      candidate = "\(base)_\(number)"
      number += 1
    }
    taken.insert(candidate)
    return candidate
  }

  private static func sanitised(_ text: String) -> String {
    var words = ""
    func separate(_ words: inout String) { if !words.isEmpty, words.last != "_" { words.append("_") } }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9": words.unicodeScalars.append(scalar)
      default:
        separate(&words)
        if let word = spelledOut[scalar] {
          words += word
          separate(&words)
        }
      }
    }
    while words.last == "_" { words.removeLast() }
    return words
  }

  private static let spelledOut: [Unicode.Scalar: String] = [
    "+": "plus", "-": "minus", "*": "times", "/": "over", "<": "below", ">": "above", "=": "equals", "&": "and",
    "|": "or", "!": "not", "%": "mod", "^": "to", "?": "then",
  ]

  /// The reserved words of C99, C++11 to C++23, Python 3 and Swift, and macros of standard headers.
  private static let keywords: Set<String> = Set(
    """
    alignas alignof and and_eq asm atomic_cancel atomic_commit atomic_noexcept auto bitand bitor bool break case catch char
    char8_t char16_t char32_t class compl concept const consteval constexpr constinit const_cast continue co_await co_return
    co_yield decltype default delete do double dynamic_cast else enum explicit export extern false float for friend goto if
    inline int long mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public reflexpr
    register reinterpret_cast requires return short signed sizeof static static_assert static_cast struct switch synchronized
    template this thread_local throw true try typedef typeid typename union unsigned using virtual void volatile wchar_t while
    xor xor_eq restrict
    False None True as assert async await def del elif except finally from global import in is lambda nonlocal pass raise
    return try with yield match type print self cls
    associatedtype deinit extension fileprivate func init inout internal let open operator precedencegroup protocol rethrows
    subscript typealias var defer fallthrough guard repeat where Any Self nil super throws actor borrowing consuming each some
    any macro package Type Protocol Int Double Float String Array
    NAN INFINITY HUGE_VAL HUGE_VALF NULL EOF errno assert std main linux unix i386 signbit isnan isinf isfinite complex I
    """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))
}
